// Theatre data reaches the map in the turn that the map shows, holes and all.
import { describe, expect, it } from 'vitest';
import type { FeatureCollection } from 'geojson';
import { theatreGeoJson } from './style';

function polygon(...rings: number[][][]): FeatureCollection {
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: rings } }] };
}

const coordinates = (layers: FeatureCollection[]) => theatreGeoJson(layers).features.map((f) => (f.geometry as { coordinates: unknown }).coordinates);

describe('theatre data', () => {
  it('east of the antimeridian is drawn a turn on, with its holes', () => {
    const layer = polygon([[-179, 0], [-170, 0], [-170, 5]], [[-178, 1], [-177, 1], [-177, 2]]);
    expect(coordinates([layer])).toEqual([[[[181, 0], [190, 0], [190, 5]], [[182, 1], [183, 1], [183, 2]]]]);
  });
  it('across the antimeridian or round Japan stays where it is', () => {
    const across = polygon([[175, 0], [185, 0], [185, 5]]);
    const home = polygon([[130, 30], [131, 30], [131, 31]]);
    expect(coordinates([across, home])).toEqual([[[[175, 0], [185, 0], [185, 5]]], [[[130, 30], [131, 30], [131, 31]]]]);
  });
});
