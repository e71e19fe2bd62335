// The two programs of the track layer. Marks are drawn as distance fields in one point each; symbols
// are cut from an atlas. Both step once a second with the data: nothing glides between reports.

/** Layout of one mark: x, y (mercator from the anchor), angle (rad, < −10 = none), colour, shape, bits. */
export const MARK_BYTES = 20;
/** Bits of a mark's style. */
export const MarkBit = { hollow: 1, faint: 2, partner: 4, violet: 8 } as const;

export const MARK_VERTEX = `#version 300 es
precision highp float;
in vec2 a_pos;
in float a_angle;
in vec4 a_color;
in vec2 a_style;
uniform mat4 u_matrix;
uniform float u_scale;
out vec4 v_color;
out vec2 v_turn;
flat out int v_shape;
flat out int v_bits;
const float REACH = 11.0;
void main() {
  gl_Position = u_matrix * vec4(a_pos, 0.0, 1.0);
  gl_PointSize = 2.0 * REACH * u_scale;
  v_color = a_color;
  v_shape = a_angle < -10.0 && a_style.x < 1.5 ? 4 : int(a_style.x + 0.5);
  float angle = a_angle < -10.0 ? 0.0 : a_angle;
  v_turn = vec2(sin(angle), cos(angle));
  v_bits = int(a_style.y + 0.5);
}`;

export const MARK_FRAGMENT = `#version 300 es
precision highp float;
in vec4 v_color;
in vec2 v_turn;
flat in int v_shape;
flat in int v_bits;
uniform vec3 u_halo;
uniform vec3 u_violet;
uniform float u_scale;
out vec4 color;
const float REACH = 11.0;

float hull(vec2 p) {
  float side = p.y > -0.2 ? (abs(p.x) * 5.4 + (p.y - 5.6) * 2.7 + 0.54) / 6.04 : abs(p.x) - 2.7;
  return max(side, -p.y - 4.2);
}
float arrow(vec2 p) {
  float outer = (abs(p.x) * 10.5 + (p.y - 6.0) * 4.6) / 11.46;
  float notch = (-abs(p.x) * 2.8 - (p.y + 1.7) * 4.6) / 5.39;
  return max(outer, notch);
}
float box(vec2 p, vec2 half_size) {
  vec2 q = abs(p) - half_size;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0);
}
float shape(vec2 p) {
  if (v_shape == 0) return hull(p);
  if (v_shape == 1) return arrow(p);
  if (v_shape == 2) return box(p, vec2(3.2));
  if (v_shape == 3) return min(box(p, vec2(4.0, 1.0)), box(p, vec2(1.0, 4.0)));
  return length(p) - 3.2;
}
float cover(float d) { return clamp(0.5 - d * u_scale, 0.0, 1.0); }

void main() {
  vec2 screen = (gl_PointCoord * 2.0 - 1.0) * REACH * vec2(1.0, -1.0);
  vec2 p = vec2(screen.x * v_turn.y - screen.y * v_turn.x, screen.x * v_turn.x + screen.y * v_turn.y);
  bool turned = v_shape < 2;
  float d = shape(turned ? p : screen);
  bool hollow = (v_bits & 1) != 0;
  float solid = cover(hollow ? abs(d + 0.1) - 0.62 : d);
  float halo = cover(d - 1.3) * (hollow ? 0.35 : 0.75);
  if ((v_bits & 4) != 0) {
    float bars = box(vec2(abs(screen.x) - 7.5, screen.y), vec2(0.1, 4.5));
    bars = min(bars, box(vec2(abs(screen.x) - 6.5, abs(screen.y) - 4.5), vec2(1.0, 0.1)));
    solid = max(solid, 0.75 * cover(bars - 0.35));
    halo = max(halo, cover(bars - 1.3) * 0.6);
  }
  vec4 over = vec4(mix(u_halo, v_color.rgb, solid), max(solid, halo) * v_color.a);
  if ((v_bits & 2) != 0) over.a *= 0.45;
  if ((v_bits & 8) != 0) {
    float mark = box(screen - vec2(6.0, 6.0), vec2(2.1));
    over.rgb = mix(over.rgb, u_violet, cover(mark));
    over.a = max(over.a, cover(mark));
  }
  if (over.a < 0.01) discard;
  color = vec4(over.rgb * over.a, over.a);
}`;

/** Layout of one symbol: x, y, cell of the atlas, bits. */
export const SPRITE_FLOATS = 4;

export const SPRITE_VERTEX = `#version 300 es
precision highp float;
in vec2 a_pos;
in vec2 a_cell;
uniform mat4 u_matrix;
uniform float u_size;
uniform float u_columns;
flat out vec2 v_origin;
flat out int v_bits;
void main() {
  gl_Position = u_matrix * vec4(a_pos, 0.0, 1.0);
  gl_PointSize = u_size;
  v_origin = vec2(mod(a_cell.x, u_columns), floor(a_cell.x / u_columns)) / u_columns;
  v_bits = int(a_cell.y + 0.5);
}`;

export const SPRITE_FRAGMENT = `#version 300 es
precision highp float;
flat in vec2 v_origin;
flat in int v_bits;
uniform sampler2D u_atlas;
uniform float u_columns;
uniform vec3 u_violet;
out vec4 color;
void main() {
  color = texture(u_atlas, v_origin + gl_PointCoord / u_columns);
  if ((v_bits & 2) != 0) color *= 0.5;
  vec2 corner = abs(gl_PointCoord - vec2(0.84, 0.16));
  if ((v_bits & 8) != 0 && max(corner.x, corner.y) < 0.07) color = vec4(u_violet, 1.0);
  if (color.a < 0.01) discard;
}`;
