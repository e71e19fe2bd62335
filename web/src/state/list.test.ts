// The list: order, search, filters, and that it holds still under a hand.
import { describe, expect, it } from 'vitest';
import { contactName, displayName, holdOrder, isNameless, listRows, spokenAlias, windowOf, type Query } from './list';
import { Picture } from './picture';
import { frame, track } from './fixtures';

const ALL: Query = { text: '', filters: [], sort: 'importance', within: null };

function sample(): Picture {
  const picture = new Picture();
  picture.applyTracks([
    track(1, { name: 'Zulu' }),
    track(2, { name: 'Alpha' }),
    track(3, { name: 'Sick', emergency: true }),
    track(4, { name: 'Watched' }),
    track(5, { name: 'Team', attributes: { cot_type: 'a-f-G' }, domain: 'land' }),
    track(6, { name: 'Old' }),
    track(7, { name: null, callsign: 'SKY7', domain: 'air', held_by: 'partner', own_alias: null, partner_alias: 'U-0007' }),
  ], []);
  picture.applyFrame(frame('snapshot', [1, 2, 3, 4, 5, 6, 7].map((n) => ({
    handle: n + 100, speed: n * 10, time: n, lon: n === 7 ? 140_000_000 : 125_000_000,
    flags: (n === 7 ? 8 : 4) | (n === 6 ? 1 : 0),
  }))));
  return picture;
}

function names(query: Partial<Query>): string[] {
  return listRows(sample(), { ...ALL, ...query }, new Set([4])).map((row) => displayName(row.track));
}

describe('the order', () => {
  it('is distress, incidents, units, the rest by name, and stale last', () => {
    expect(names({})).toEqual(['Sick', 'Watched', 'Team', 'Alpha', 'SKY7', 'Zulu', 'Old']);
  });
  it('by speed still puts distress first and stale last', () => {
    expect(names({ sort: 'speed' })).toEqual(['Sick', 'SKY7', 'Team', 'Watched', 'Alpha', 'Zulu', 'Old']);
  });
  it('stands still under a hand, newcomers at the end', () => {
    const rows = listRows(sample(), ALL, new Set());
    const held = [102, 101];
    expect(holdOrder(rows, held).slice(0, 2).map((row) => row.handle)).toEqual(held);
    expect(holdOrder(rows, held)).toHaveLength(rows.length);
  });
});

describe('what is listed', () => {
  it.each([
    [{ text: 'zul' }, ['Zulu']],
    [{ text: 'Ｚｕｌｕ' }, ['Zulu']],
    [{ text: '999000002' }, ['Alpha']],
    [{ text: 'u-0007' }, ['SKY7']],
    [{ filters: ['air' as const] }, ['SKY7']],
    [{ filters: ['partner' as const, 'units' as const] }, ['Team', 'SKY7']],
    [{ within: [130, 20, 150, 30] as Query['within'] }, ['SKY7']],
    [{ text: 'nothing' }, []],
  ])('%j', (query, expected) => {
    expect(names(query)).toEqual(expected);
  });
  it('speaks the alias of the side that holds it', () => {
    expect([spokenAlias(track(1)), spokenAlias(track(7, { held_by: 'partner', own_alias: null, partner_alias: 'U-0007' }))]).toEqual(['J-0001', 'U-0007']);
  });
  it('draws only the rows in the window and a few round it', () => {
    expect(windowOf(3000, 600, 10_000, 30)).toEqual([94, 126]);
    expect(windowOf(0, 600, 3, 30)).toEqual([0, 3]);
    expect(windowOf(9000, 600, 3, 30)).toEqual([3, 3]);
  });
});

describe('a thing that gave no name', () => {
  const contact = track(12, { name: null, identities: [], own_alias: 'J-0007', sources: [{ name: 'radar', nation: 'JPN', last_ms: 0, reports: 3 }] });
  it('goes by its number here and by its alias at the border', () => {
    expect([isNameless(contact), displayName(contact), spokenAlias(contact)]).toEqual([true, 'R-0012', 'J-0007']);
    expect(contactName(12_345)).toBe('R-12345');
  });
  it('is found by either', () => {
    const picture = new Picture();
    picture.applyTracks([contact, track(1, { name: 'Zulu' })], []);
    const found = (text: string) => listRows(picture, { ...ALL, text }, new Set()).map((row) => row.number);
    expect([found('r-0012'), found('J-0007'), found('zulu')]).toEqual([[12], [12], [1]]);
  });
  it('is no track of the past whose name is gone', () => {
    expect(isNameless(track(1, { identities: [], sources: [] }))).toBe(false);
  });
});
