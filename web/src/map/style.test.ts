// Theatre data reaches the map in the turn that the map shows, holes and all.
import { describe, expect, it } from 'vitest';
import type { FeatureCollection } from 'geojson';
import type { ZoneView } from '../api/types';
import { theatreGeoJson, trailGeoJson, zonesGeoJson } from './style';

function polygon(...rings: number[][][]): FeatureCollection {
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: rings } }] };
}

const coordinates = (layers: FeatureCollection[]) => theatreGeoJson(layers).features.map((f) => (f.geometry as { coordinates: unknown }).coordinates);

describe('theatre data', () => {
  it('east of the antimeridian is drawn a turn on, with its holes', () => {
    const layer = polygon([[-179, 0], [-170, 0], [-170, 5]], [[-178, 1], [-177, 1], [-177, 2]]);
    expect(coordinates([layer])).toEqual([[[[181, 0], [190, 0], [190, 5]], [[182, 1], [183, 1], [183, 2]]]]);
  });
  it('names an area at its most northern corner, and leaves lines to be named along themselves', () => {
    const area = polygon([[150, 30], [156, 31], [151, 36]]);
    area.features[0]!.properties = { name: 'Sample', claimed_by: 'Aland' };
    const { features } = theatreGeoJson([area]);
    expect(features[1]).toMatchObject({ properties: { claimed_by: 'Aland' }, geometry: { type: 'Point', coordinates: [151, 36] } });
  });
  it('across the antimeridian or round Japan stays where it is', () => {
    const across = polygon([[175, 0], [185, 0], [185, 5]]);
    const home = polygon([[130, 30], [131, 30], [131, 31]]);
    expect(coordinates([across, home])).toEqual([[[[175, 0], [185, 0], [185, 5]]], [[[130, 30], [131, 30], [131, 31]]]]);
  });
});

describe('alert zones', () => {
  type Ring = [number, number][];
  const drawn = (ring: Ring, ...holes: Ring[]) => {
    const zone: ZoneView = { id: 'z', name: { en: 'Z', ja: '区' }, owner: 'JPN', ring, holes };
    return (zonesGeoJson([zone], 'en').features[0]!.geometry as unknown as { coordinates: number[][][] }).coordinates;
  };
  it('across the antimeridian are one area, whichever corner comes first, with the hole in it', () => {
    const corners: Ring = [[10, 175], [20, 175], [20, -175], [10, -175]];
    const hole: Ring = [[14, -179], [14, -178], [15, -178]];
    for (let first = 0; first < 4; first++) {
      const [outer, inner] = drawn([...corners.slice(first), ...corners.slice(0, first)], hole);
      const lons = outer!.map(([lon]) => lon!);
      expect([Math.min(...lons), Math.max(...lons)]).toEqual([175, 185]);
      expect(inner!.map(([lon]) => lon)).toEqual([181, 182, 182, 181]);
    }
  });
  it('round a pole are closed at the edge of the map', () => {
    const [outer] = drawn([[70, 0], [72, 120], [70, -120]]);
    expect(Math.max(...outer!.map(([, lat]) => lat!))).toBeGreaterThan(85);
    expect(outer![0]).toEqual(outer!.at(-1));
  });
  it('and trails do not run back round the world', () => {
    const trail = trailGeoJson([[0, 10, 179.9], [1, 10, -179.9], [2, 10, 179.95]]).features[0]!.geometry as { coordinates: number[][] };
    expect(trail.coordinates.map(([lon]) => Math.round(lon! * 100) / 100)).toEqual([179.9, 180.1, 179.95]);
  });
});
