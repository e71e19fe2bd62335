// The map as the floor uses it: one object over MapLibre, the track layer and the overlay. North is
// always up. A lost graphics context is told to the caller, who says so in words; nothing is drawn
// from then on as if all were well.
import { Map as LibreMap, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { codeFor } from '../symbols/symbol';
import { paletteOf, type Palette, type Theme } from '../symbols/palette';
import { mapLongitude, mercator } from '../state/geo';
import { Atlas } from './atlas';
import { ScreenGrid, type Spot } from './grid';
import { fit, TrackLayer, type Camera } from './layer';
import { drawOverlay } from './overlay';
import { isSymbol, pack, packSymbols, WORLD_PX, type Scene, type SymbolMark } from './scene';
import type { FeatureCollection } from 'geojson';
import { basemap, THEATRE, theatreGeoJson, trailGeoJson, TRAIL, zonesGeoJson, ZONES, type Place, type Tongue } from './style';

export type { Scene } from './scene';
export type { Place } from './style';

setWorkerUrl(workerUrl);

/** After so much zooming the symbols that have room are chosen anew. */
const REPACK_ZOOM = 0.2;
/** The side of a symbol's cell in CSS pixels. */
const CELL_PX = 60;

export interface View {
  latDeg: number;
  lonDeg: number;
  zoom: number;
}

export interface ChartEvents {
  pick(handle: number | null): void;
  hover(handle: number | null): void;
  moved(view: View, bounds: [number, number, number, number]): void;
  pointer(latDeg: number, lonDeg: number): void;
  lost(): void;
  ready(): void;
}

/** Whether this browser can draw the map at all. A browser keeps few contexts and takes the oldest away
    when there are too many, so the one that was tried is given back. */
export function canDraw(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null;
}

export class Chart {
  #map: LibreMap;
  #overlay: HTMLCanvasElement;
  #layer: TrackLayer;
  #atlas: Atlas;
  #palette: Palette;
  #scene: Scene | null = null;
  #symbols: SymbolMark[] = [];
  #grid: ScreenGrid | null = null;
  #packedZoom = 0;
  #pending: number | null = null;
  #zonesKey = '';
  #trailKey = '';
  #theatre: FeatureCollection[] = [];
  /** Where the map is flying to. */
  #goal: View | null = null;
  #styled = false;
  #isLost = false;
  /** Frames drawn, for tests and the health page. */
  frames = 0;

  constructor(
    container: HTMLElement,
    private theme: Theme,
    private tongue: Tongue,
    private readonly places: Place[],
    view: View,
    private readonly events: ChartEvents,
  ) {
    this.#palette = paletteOf(theme);
    this.#atlas = new Atlas(theme, Math.round(CELL_PX * devicePixelRatio));
    this.#map = new LibreMap({
      container,
      style: basemap(this.#palette, tongue, places),
      center: [mapLongitude(view.lonDeg), view.latDeg],
      zoom: view.zoom,
      minZoom: 2.5,
      maxZoom: 14,
      maxBounds: [[60, -35], [220, 72]],
      attributionControl: false,
      localIdeographFontFamily: '"Noto Sans JP", sans-serif',
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      keyboard: false,
      fadeDuration: 0,
      // What lies east of 180° is in the copy that follows; the bounds show no place twice.
      renderWorldCopies: true,
      canvasContextAttributes: { antialias: false, powerPreference: 'high-performance' },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#layer = new TrackLayer(this.#atlas, this.#palette, () => this.#lost());
    this.#overlay = document.createElement('canvas');
    this.#overlay.className = 'chart-overlay';
    container.append(this.#layer.canvas, this.#overlay);
    this.#listen();
  }

  #listen(): void {
    const map = this.#map;
    map.on('style.load', () => {
      this.#zonesKey = this.#trailKey = '';
      this.#styled = true;
      this.setTheatre(this.#theatre);
      this.#restyle();
      if (this.#scene) this.setScene(this.#scene);
    });
    map.on('load', () => {
      if (!this.#isLost) this.events.ready();
    });
    map.on('render', () => this.#draw());
    map.on('move', () => (this.#grid = null));
    map.on('zoom', () => {
      if (this.#scene && Math.abs(map.getZoom() - this.#packedZoom) > REPACK_ZOOM) this.setScene(this.#scene);
    });
    map.on('moveend', () => this.#moved());
    map.on('webglcontextlost', () => this.#lost());
    map.on('mousemove', ({ point, lngLat }) => {
      this.events.hover(this.#handleAt(point.x, point.y));
      this.events.pointer(lngLat.lat, lngLat.lng);
    });
    map.on('mouseout', () => this.events.hover(null));
    map.on('click', ({ point }) => this.events.pick(this.#handleAt(point.x, point.y)));
  }

  /** A map that loads after its tracks were lost is not ready. */
  #lost(): void {
    this.#isLost = true;
    this.events.lost();
  }

  /** Draws this from now on; called once a second and at every change of selection. What comes in one
      frame of the screen is drawn once. */
  setScene(scene: Scene): void {
    this.#scene = scene;
    this.#grid = null;
    this.#pending ??= requestAnimationFrame(() => {
      this.#pending = null;
      if (this.#scene) this.#show(this.#scene);
    });
  }

  #show(scene: Scene): void {
    const { marks, markCount, symbols } = pack(scene, this.#palette, codeFor, this.#map.getZoom());
    this.#packedZoom = this.#map.getZoom();
    this.#symbols = symbols;
    const sprites = packSymbols(symbols, scene, (mark) => this.#atlas.place(mark.code, mark.affiliation, mark.hollow));
    this.#layer.setData(marks, markCount, sprites as Float32Array<ArrayBuffer>);
    if (this.#styled) this.#setSources(scene);
    this.#draw();
  }

  #setSources(scene: Scene): void {
    const zonesKey = JSON.stringify(scene.zones) + this.tongue;
    if (zonesKey !== this.#zonesKey) {
      this.#map.getSource<GeoJSONSource>(ZONES)?.setData(zonesGeoJson(scene.zones, this.tongue));
      this.#zonesKey = zonesKey;
    }
    const trailKey = `${scene.trail.length}:${scene.trail.at(-1)?.[0] ?? 0}:${scene.selected ?? ''}`;
    if (trailKey !== this.#trailKey) {
      this.#map.getSource<GeoJSONSource>(TRAIL)?.setData(trailGeoJson(scene.trail));
      this.#trailKey = trailKey;
    }
  }

  /** Draws these layers of theatre data, and no others. */
  setTheatre(layers: FeatureCollection[]): void {
    this.#theatre = layers;
    if (this.#styled) this.#map.getSource<GeoJSONSource>(THEATRE)?.setData(theatreGeoJson(layers));
  }

  setLook(theme: Theme, tongue: Tongue): void {
    if (theme === this.theme && tongue === this.tongue) return;
    this.theme = theme;
    this.tongue = tongue;
    this.#palette = paletteOf(theme);
    this.#atlas.setTheme(theme);
    this.#layer.setPalette(this.#palette);
    this.#zonesKey = '';
    this.#restyle();
    if (this.#scene) this.setScene(this.#scene);
  }

  /** Changes colours and words in place: the coast stays on the screen meanwhile. */
  #restyle(): void {
    if (!this.#styled) return;
    for (const layer of basemap(this.#palette, this.tongue, this.places).layers) {
      const { paint = {}, layout = {} } = layer as { paint?: object; layout?: object };
      for (const [name, value] of Object.entries(paint)) this.#map.setPaintProperty(layer.id, name as never, value as never);
      for (const [name, value] of Object.entries(layout)) this.#map.setLayoutProperty(layer.id, name as never, value as never);
    }
  }

  fly(latDeg: number, lonDeg: number, zoom?: number): void {
    this.#goal = { latDeg, lonDeg, zoom: zoom ?? this.#map.getZoom() };
    this.#map.easeTo({ center: [mapLongitude(lonDeg), latDeg], zoom: this.#goal.zoom, duration: 250 });
  }

  zoomBy(steps: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + steps, duration: 150 });
  }

  /** True when the position is comfortably on the screen, or will be where the map is flying to. */
  sees(latDeg: number, lonDeg: number): boolean {
    const [x, y] = this.#projection(this.#goal)(latDeg, lonDeg);
    const { clientWidth, clientHeight } = this.#map.getContainer();
    return x > 30 && y > 30 && x < clientWidth - 30 && y < clientHeight - 30;
  }

  /** Where a track stands on the screen, for tests. */
  screenOf(handle: number): [number, number] | null {
    const motion = this.#scene?.picture.motion(handle);
    if (!motion) return null;
    const { x, y } = this.#map.project([mapLongitude(motion.lonDeg), motion.latDeg]);
    return [x, y];
  }

  /** The corners of the trail as the map drew it, degrees east and north, for tests. */
  drawnTrail(): [number, number][] {
    const features = this.#map.queryRenderedFeatures({ layers: [TRAIL] });
    const lines = features.flatMap(({ geometry }) => (geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : []));
    return lines.flat().map(([lon, lat]) => [lon!, lat!]);
  }

  destroy(): void {
    if (this.#pending !== null) cancelAnimationFrame(this.#pending);
    this.#map.remove();
    this.#layer.destroy();
    this.#overlay.remove();
  }

  #moved(): void {
    this.#goal = null;
    const center = this.#map.getCenter();
    const box = this.#map.getBounds();
    this.events.moved(
      { latDeg: center.lat, lonDeg: center.lng, zoom: this.#map.getZoom() },
      [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()],
    );
  }

  #camera(from: View | null = null): Camera {
    const center = this.#map.getCenter();
    const zoom = from?.zoom ?? this.#map.getZoom();
    const [x, y] = mercator(from?.latDeg ?? center.lat, from?.lonDeg ?? center.lng);
    const { clientWidth, clientHeight } = this.#map.getContainer();
    return { x, y, zoom, worldPx: WORLD_PX * 2 ** zoom, widthPx: clientWidth, heightPx: clientHeight };
  }

  /** A linear projection: north is up and the map is flat, so no matrix is needed for each label. */
  #projection(from: View | null = null): (latDeg: number, lonDeg: number) => [number, number] {
    const camera = this.#camera(from);
    return (latDeg, lonDeg) => {
      const [x, y] = mercator(latDeg, lonDeg);
      return [(x - camera.x) * camera.worldPx + camera.widthPx / 2, (y - camera.y) * camera.worldPx + camera.heightPx / 2];
    };
  }

  #draw(): void {
    this.frames += 1;
    if (!this.#scene) return;
    const camera = this.#camera();
    this.#layer.draw(camera);
    fit(this.#overlay, camera.widthPx, camera.heightPx);
    const c = this.#overlay.getContext('2d');
    if (c) drawOverlay(c, camera.widthPx, camera.heightPx, camera.zoom, this.#scene, this.#symbols, this.#palette, this.#projection());
  }

  #handleAt(x: number, y: number): number | null {
    this.#grid ??= new ScreenGrid(this.#spots());
    return this.#grid.at(x, y, 20)?.handle ?? null;
  }

  *#spots(): Generator<Spot> {
    const scene = this.#scene;
    if (!scene) return;
    const project = this.#projection();
    const { picture } = scene;
    for (let row = 0; row < picture.count; row++) {
      const handle = picture.handle[row]!;
      if (scene.shown && !scene.shown.has(handle)) continue;
      const [x, y] = project(picture.lat[row]! / 1e6, picture.lon[row]! / 1e6);
      const weight = isSymbol(picture.tracks.get(handle), scene) ? 6 : 0;
      yield { handle, x, y, weight };
    }
  }
}
