// The track layer: our own WebGL2 programs inside MapLibre's context. MapLibre's symbol layers are
// not made for thousands of moving things; this draws them in two calls.
import type { CustomLayerInterface, CustomRenderMethodInput } from 'maplibre-gl';
import { rgb, type Palette } from '../symbols/palette';
import { ATLAS_COLUMNS, type Atlas } from './atlas';
import { ANCHOR } from './scene';
import {
  MARK_BYTES, MARK_FRAGMENT, MARK_VERTEX, SPRITE_FLOATS, SPRITE_FRAGMENT, SPRITE_VERTEX,
} from './shaders';

export const TRACK_LAYER = 'renkei-tracks';

interface Program {
  program: WebGLProgram;
  vao: WebGLVertexArrayObject;
  buffer: WebGLBuffer;
  at: (name: string) => WebGLUniformLocation | null;
}

type Attribute = [name: string, size: number, type: number, normalised: boolean, offset: number];

export class TrackLayer implements CustomLayerInterface {
  readonly id = TRACK_LAYER;
  readonly type = 'custom' as const;
  readonly renderingMode = '2d' as const;
  #gl: WebGL2RenderingContext | null = null;
  #marks: Program | null = null;
  #sprites: Program | null = null;
  #texture: WebGLTexture | null = null;
  #uploaded = -1;
  #markBytes: ArrayBuffer = new ArrayBuffer(0);
  #markCount = 0;
  #spriteFloats = new Float32Array(0);
  #dirty = true;

  constructor(
    private readonly atlas: Atlas,
    private palette: Palette,
    private readonly zoom: () => number,
  ) {}

  setPalette(palette: Palette): void {
    this.palette = palette;
  }

  setData(marks: ArrayBuffer, markCount: number, sprites: Float32Array<ArrayBuffer>): void {
    this.#markBytes = marks;
    this.#markCount = markCount;
    this.#spriteFloats = sprites;
    this.#dirty = true;
  }

  onAdd(_map: unknown, gl: WebGL2RenderingContext): void {
    this.#gl = gl;
    this.#marks = build(gl, MARK_VERTEX, MARK_FRAGMENT, MARK_BYTES, [
      ['a_pos', 2, gl.FLOAT, false, 0],
      ['a_angle', 1, gl.FLOAT, false, 8],
      ['a_color', 4, gl.UNSIGNED_BYTE, true, 12],
      ['a_style', 2, gl.UNSIGNED_BYTE, false, 16],
    ]);
    this.#sprites = build(gl, SPRITE_VERTEX, SPRITE_FRAGMENT, SPRITE_FLOATS * 4, [
      ['a_pos', 2, gl.FLOAT, false, 0],
      ['a_cell', 2, gl.FLOAT, false, 8],
    ]);
    this.#texture = gl.createTexture();
    this.#uploaded = -1;
    this.#dirty = true;
  }

  onRemove(): void {
    const gl = this.#gl;
    if (!gl) return;
    for (const part of [this.#marks, this.#sprites]) {
      gl.deleteProgram(part?.program ?? null);
      gl.deleteBuffer(part?.buffer ?? null);
      gl.deleteVertexArray(part?.vao ?? null);
    }
    gl.deleteTexture(this.#texture);
    this.#gl = null;
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    if (!this.#marks || !this.#sprites) return;
    const matrix = shifted(input.defaultProjectionData.mainMatrix, ANCHOR);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    if (this.#dirty) {
      upload(gl, this.#marks.buffer, this.#markBytes);
      upload(gl, this.#sprites.buffer, this.#spriteFloats.buffer);
      this.#dirty = false;
    }
    this.#drawMarks(gl, matrix);
    this.#drawSprites(gl, matrix);
    gl.bindVertexArray(null);
  }

  #drawMarks(gl: WebGL2RenderingContext, matrix: Float32Array): void {
    const { program, vao, at } = this.#marks!;
    gl.useProgram(program);
    gl.bindVertexArray(vao);
    gl.uniformMatrix4fv(at('u_matrix'), false, matrix);
    gl.uniform1f(at('u_scale'), markScale(this.zoom()) * devicePixelRatio);
    gl.uniform3fv(at('u_halo'), rgb(this.palette.halo));
    gl.uniform3fv(at('u_violet'), rgb(this.palette.violet));
    gl.drawArrays(gl.POINTS, 0, this.#markCount);
  }

  #drawSprites(gl: WebGL2RenderingContext, matrix: Float32Array): void {
    const { program, vao, at } = this.#sprites!;
    gl.useProgram(program);
    gl.bindVertexArray(vao);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    if (this.#uploaded !== this.atlas.version) {
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, this.atlas.canvas);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      this.#uploaded = this.atlas.version;
    }
    gl.uniform1i(at('u_atlas'), 0);
    gl.uniformMatrix4fv(at('u_matrix'), false, matrix);
    gl.uniform1f(at('u_size'), this.atlas.cell * symbolScale(this.zoom()));
    gl.uniform1f(at('u_columns'), ATLAS_COLUMNS);
    gl.uniform3fv(at('u_violet'), rgb(this.palette.violet));
    gl.drawArrays(gl.POINTS, 0, this.#spriteFloats.length / SPRITE_FLOATS);
  }
}

/** Marks grow a little as one comes closer, within bounds that keep them marks. */
export function markScale(zoom: number): number {
  return Math.min(1.4, Math.max(0.78, 0.84 + (zoom - 5) * 0.11));
}

/** Symbols shrink when one looks from afar, where they would lie on one another. */
export function symbolScale(zoom: number): number {
  return Math.min(1, Math.max(0.68, 0.68 + (zoom - 5) * 0.14));
}

function upload(gl: WebGL2RenderingContext, buffer: WebGLBuffer, bytes: ArrayBuffer): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
}

function build(
  gl: WebGL2RenderingContext, vertex: string, fragment: string, stride: number, attributes: Attribute[],
): Program {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(`track layer: ${gl.getShaderInfoLog(shader) ?? 'shader refused'}`);
    }
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  const buffer = gl.createBuffer();
  const vao = gl.createVertexArray();
  gl.bindVertexArray(vao);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  for (const [name, size, type, normalised, offset] of attributes) {
    const location = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, normalised, stride, offset);
  }
  gl.bindVertexArray(null);
  const locations = new Map<string, WebGLUniformLocation | null>();
  const at = (name: string) => {
    if (!locations.has(name)) locations.set(name, gl.getUniformLocation(program, name));
    return locations.get(name)!;
  };
  return { program, vao, buffer, at };
}

/** `matrix` × translation by `offset`, summed in doubles before it is cut to 32 bits. */
function shifted(matrix: ArrayLike<number>, offset: [number, number]): Float32Array {
  const out = new Float32Array(16);
  for (let i = 0; i < 12; i++) out[i] = matrix[i]!;
  for (let i = 0; i < 4; i++) out[12 + i] = matrix[i]! * offset[0] + matrix[4 + i]! * offset[1] + matrix[12 + i]!;
  return out;
}
