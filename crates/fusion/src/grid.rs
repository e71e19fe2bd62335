//! Which tracks were last believed near a place: a grid of cells a tenth of a degree high.
//!
//! A row has as many columns as keep its cells about as wide as high, so that a search near a pole
//! costs no more than one at the equator.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::position::{EARTH_RADIUS_M, Position};
use renkei_model::track::TrackNumber;

/// Rows in a degree.
const ROWS_PER_DEG: f64 = 10.0;

/// Row from the south pole, column from 180° W.
pub(crate) type Cell = (u16, u16);

/// Cells that hold tracks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    cells: BTreeMap<Cell, Vec<TrackNumber>>,
}

impl Grid {
    /// Moves `number` from cell `old` to where `position` is; the new cell.
    pub(crate) fn place(
        &mut self,
        number: TrackNumber,
        old: Option<Cell>,
        position: Position,
    ) -> Cell {
        let cell = cell_of(position);
        if old != Some(cell) {
            self.remove(number, old);
            self.cells.entry(cell).or_default().push(number);
        }
        cell
    }

    /// Takes `number` out of `cell`.
    pub(crate) fn remove(&mut self, number: TrackNumber, cell: Option<Cell>) {
        let Some(cell) = cell else { return };
        let Some(numbers) = self.cells.get_mut(&cell) else { return };
        numbers.retain(|other| *other != number);
        if numbers.is_empty() {
            self.cells.remove(&cell);
        }
    }

    /// Every track whose cell comes within `reach_m` metres of one of `positions`, each once, by
    /// number.
    pub(crate) fn near(
        &self,
        positions: impl Iterator<Item = Position>,
        reach_m: f64,
    ) -> Vec<TrackNumber> {
        // Neighbours ask for nearly the same: one question for all positions in a cell.
        let from: BTreeSet<Cell> = positions.map(cell_of).collect();
        let mut cells = BTreeSet::new();
        for (row, first, last) in runs(&from) {
            self.reached(row, (first, last), reach_m, &mut cells);
        }
        let lists = cells.iter().filter_map(|cell| self.cells.get(cell));
        let mut found: Vec<TrackNumber> = lists.flatten().copied().collect();
        found.sort_unstable();
        found
    }

    /// Adds to `reached` every cell in use within `reach_m` metres of any point of the cells from
    /// one column to another of row `from`.
    fn reached(&self, from: u16, columns: (u16, u16), reach_m: f64, reached: &mut BTreeSet<Cell>) {
        let reach_deg = (reach_m / EARTH_RADIUS_M).to_degrees();
        let (south, (west, _)) = sides((from, columns.0));
        let (_, (_, east)) = sides((from, columns.1));
        let low = row_of(south - reach_deg);
        let high = row_of(south + 1.0 / ROWS_PER_DEG + reach_deg);
        for row in low..=high {
            let columns = columns_of(row);
            let narrow = narrowest(row).min(narrowest(from)).max(1e-6);
            let width = (reach_deg / narrow).min(360.0);
            let column =
                |longitude: f64| ((longitude + 180.0) / 360.0 * f64::from(columns)).floor() as i32;
            let first = column(west - width);
            let last = column(east + width).min(first + i32::from(columns) - 1);
            let wrap = |column: i32| column.rem_euclid(i32::from(columns)) as u16;
            let mut add = |from: u16, to: u16| {
                reached.extend(self.cells.range((row, from)..=(row, to)).map(|(cell, _)| *cell));
            };
            let (from, to) = (wrap(first), wrap(last));
            if from <= to {
                add(from, to);
            } else {
                add(from, columns - 1);
                add(0, to);
            }
        }
    }
}

/// Cells side by side: row, first and last column.
fn runs(cells: &BTreeSet<Cell>) -> Vec<(u16, u16, u16)> {
    let mut runs: Vec<(u16, u16, u16)> = Vec::new();
    for (row, column) in cells {
        match runs.last_mut() {
            Some((same, _, last)) if same == row && *last + 1 == *column => *last = *column,
            _ => runs.push((*row, *column, *column)),
        }
    }
    runs
}

/// Southern, and western and eastern side of a cell, degrees.
fn sides((row, column): Cell) -> (f64, (f64, f64)) {
    let width = 360.0 / f64::from(columns_of(row));
    let west = f64::from(column) * width - 180.0;
    (f64::from(row) / ROWS_PER_DEG - 90.0, (west, west + width))
}

fn row_of(latitude_deg: f64) -> u16 {
    ((latitude_deg.clamp(-90.0, 90.0) + 90.0) * ROWS_PER_DEG).floor().min(1_799.0) as u16
}

/// Cosine of latitude on the equator's side of the row.
fn widest(row: u16) -> f64 {
    let south = f64::from(row) / ROWS_PER_DEG - 90.0;
    let north = south + 1.0 / ROWS_PER_DEG;
    south.to_radians().cos().max(north.to_radians().cos())
}

/// Cosine of latitude on the pole's side of the row.
fn narrowest(row: u16) -> f64 {
    let south = f64::from(row) / ROWS_PER_DEG - 90.0;
    let north = south + 1.0 / ROWS_PER_DEG;
    south.to_radians().cos().min(north.to_radians().cos())
}

fn columns_of(row: u16) -> u16 {
    (widest(row) * 360.0 * ROWS_PER_DEG).ceil().max(1.0) as u16
}

fn cell_of(position: Position) -> Cell {
    let row = row_of(position.latitude_deg());
    let columns = columns_of(row);
    let column = ((position.longitude_deg() + 180.0) / 360.0 * f64::from(columns)).floor() as u16;
    (row, column.min(columns - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

        #[test]
        fn nothing_within_reach_is_overlooked(
            latitude in prop_oneof![-90.0..=90.0, 88.0..=90.0, -1.0..1.0],
            longitude in prop_oneof![-180.0..180.0, 179.0..180.0],
            bearing in 0.0..360.0,
            part in 0.0..1.0,
            reach_m in 10.0..60_000.0,
        ) {
            let here = Position::new(latitude, longitude).unwrap();
            let there = here.destination(bearing, reach_m * part * 0.99);
            let mut grid = Grid::default();
            let cell = grid.place(TrackNumber(1), None, there);
            let found = grid.near([here].into_iter(), reach_m);
            prop_assert_eq!(&found, &vec![TrackNumber(1)]);
            grid.remove(TrackNumber(1), Some(cell));
            prop_assert!(grid.cells.is_empty());
        }
    }

    #[test]
    fn a_search_does_not_turn_up_the_whole_world() {
        let mut grid = Grid::default();
        for i in 0..360 {
            let place = Position::new(0.05, f64::from(i) - 179.95).unwrap();
            grid.place(TrackNumber(i as u32), None, place);
        }
        let here = Position::new(0.0, 0.0).unwrap();
        let found = grid.near([here, here].into_iter(), 150_000.0);
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
