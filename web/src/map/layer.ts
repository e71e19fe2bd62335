// The track layer: our own WebGL2 canvas over MapLibre's. MapLibre's symbol layers are not made for
// thousands of moving things; this draws them in two calls. A canvas of its own means that the second's
// step redraws the tracks alone: the coast under them is drawn again only when the map moves.
import { rgb, type Palette } from '../symbols/palette';
import { ATLAS_COLUMNS, type Atlas } from './atlas';
import { ANCHOR } from './scene';
import {
  MARK_BYTES, MARK_FRAGMENT, MARK_VERTEX, SPRITE_FLOATS, SPRITE_FRAGMENT, SPRITE_VERTEX,
} from './shaders';

interface Program {
  program: WebGLProgram;
  vao: WebGLVertexArrayObject;
  buffer: WebGLBuffer;
  at: (name: string) => WebGLUniformLocation | null;
}

type Attribute = [name: string, size: number, type: number, normalised: boolean, offset: number];

/** Where the map looks: the centre in mercator, and the pixels of the whole world at this zoom. */
export interface Camera {
  x: number;
  y: number;
  worldPx: number;
  zoom: number;
  widthPx: number;
  heightPx: number;
}

export class TrackLayer {
  readonly canvas: HTMLCanvasElement;
  #gl: WebGL2RenderingContext;
  #marks: Program;
  #sprites: Program;
  #texture: WebGLTexture;
  #uploaded = -1;
  #markBytes: ArrayBuffer = new ArrayBuffer(0);
  #markCount = 0;
  #spriteFloats: Float32Array<ArrayBuffer> = new Float32Array(0);
  #dirty = true;

  constructor(
    private readonly atlas: Atlas,
    private palette: Palette,
    private readonly lost: () => void,
  ) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'chart-tracks';
    const gl = this.canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true, depth: false });
    if (!gl) throw new Error('track layer: no WebGL 2 context');
    this.#gl = gl;
    this.canvas.addEventListener('webglcontextlost', this.lost);
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
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
  }

  setData(marks: ArrayBuffer, markCount: number, sprites: Float32Array<ArrayBuffer>): void {
    this.#markBytes = marks;
    this.#markCount = markCount;
    this.#spriteFloats = sprites;
    this.#dirty = true;
  }

  draw(camera: Camera): void {
    const gl = this.#gl;
    if (gl.isContextLost()) return;
    fit(this.canvas, camera.widthPx, camera.heightPx);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (this.#dirty) {
      upload(gl, this.#marks.buffer, this.#markBytes);
      upload(gl, this.#sprites.buffer, this.#spriteFloats.buffer);
      this.#dirty = false;
    }
    const matrix = matrixOf(camera);
    this.#drawMarks(gl, matrix, camera.zoom);
    this.#drawSprites(gl, matrix, camera.zoom);
    gl.bindVertexArray(null);
  }

  /** Gives the graphics memory back; that is no loss to report. */
  destroy(): void {
    this.canvas.removeEventListener('webglcontextlost', this.lost);
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
    this.canvas.remove();
  }

  #drawMarks(gl: WebGL2RenderingContext, matrix: Float32Array, zoom: number): void {
    const { program, vao, at } = this.#marks;
    gl.useProgram(program);
    gl.bindVertexArray(vao);
    gl.uniformMatrix4fv(at('u_matrix'), false, matrix);
    gl.uniform1f(at('u_scale'), markScale(zoom) * devicePixelRatio);
    gl.uniform3fv(at('u_halo'), rgb(this.palette.halo));
    gl.uniform3fv(at('u_violet'), rgb(this.palette.violet));
    gl.drawArrays(gl.POINTS, 0, this.#markCount);
  }

  #drawSprites(gl: WebGL2RenderingContext, matrix: Float32Array, zoom: number): void {
    const { program, vao, at } = this.#sprites;
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
    gl.uniform1f(at('u_size'), this.atlas.cell * symbolScale(zoom));
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

/** Sets a canvas to a size in CSS pixels at the screen's own resolution. */
export function fit(canvas: HTMLCanvasElement, widthPx: number, heightPx: number): void {
  const [w, h] = [Math.round(widthPx * devicePixelRatio), Math.round(heightPx * devicePixelRatio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
}

/** From mercator about the anchor to clip space, summed in doubles before it is cut to 32 bits. */
export function matrixOf({ x, y, worldPx, widthPx, heightPx }: Camera): Float32Array {
  const [sx, sy] = [(2 * worldPx) / widthPx, (-2 * worldPx) / heightPx];
  return Float32Array.of(sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 1, 0, (ANCHOR[0] - x) * sx, (ANCHOR[1] - y) * sy, 0, 1);
}
