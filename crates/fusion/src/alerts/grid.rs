//! Who is near whom: points sorted into cells at least as wide as the range that is asked for.
//!
//! Rows of equal latitude, each with as many columns as its narrower edge has room for, so that a
//! cell is never narrower than the range; the columns of a row close round the Earth.

use renkei_model::position::Position;

const METRES_PER_DEG: f64 = 111_195.0;
/// Rows are a trifle higher than the range, which is measured on a sphere.
const SLACK: f64 = 1.01;

/// Points in cells.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    range_m: f64,
    row_deg: f64,
    /// Sorted by cell.
    cells: Vec<((i32, i32), usize)>,
    points: Vec<Position>,
}

impl Grid {
    /// Sorts `points` for questions of up to `range_m` (at least 1) metres.
    pub(crate) fn new(points: Vec<Position>, range_m: f64) -> Self {
        let range_m = range_m.max(1.0);
        let row_deg = (range_m * SLACK / METRES_PER_DEG).min(90.0);
        let mut grid = Self { range_m, row_deg, cells: Vec::with_capacity(points.len()), points };
        for (i, point) in grid.points.iter().enumerate() {
            let row = grid.row(point.latitude_deg());
            grid.cells.push(((row, grid.column(row, point.longitude_deg())), i));
        }
        grid.cells.sort_unstable();
        grid
    }

    /// The places in the list of every other point that may be within range of point `i`.
    pub(crate) fn about(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let here = self.points.get(i).copied();
        here.into_iter().flat_map(|here| self.near(here)).filter(move |j| *j != i)
    }

    /// The places in the list of every point that may be within range of `here`.
    pub(crate) fn near(&self, here: Position) -> impl Iterator<Item = usize> + '_ {
        let middle = self.row(here.latitude_deg());
        (middle - 1..=middle + 1).flat_map(move |row| {
            let columns = self.columns(row);
            let column = self.column(row, here.longitude_deg());
            // Fewer than three columns: every one of them once.
            let reach = if columns < 3 { 0..=columns - 1 } else { column - 1..=column + 1 };
            reach.flat_map(move |c| self.cell((row, c.rem_euclid(columns))))
        })
    }

    fn cell(&self, cell: (i32, i32)) -> impl Iterator<Item = usize> + '_ {
        let from = self.cells.partition_point(|(other, _)| *other < cell);
        let held = self.cells.get(from..).unwrap_or_default().iter();
        held.take_while(move |(other, _)| *other == cell).map(|(_, i)| *i)
    }

    fn row(&self, latitude_deg: f64) -> i32 {
        (latitude_deg / self.row_deg).floor() as i32
    }

    fn column(&self, row: i32, longitude_deg: f64) -> i32 {
        let columns = self.columns(row);
        let part = (longitude_deg + 180.0) / 360.0;
        ((part * f64::from(columns)).floor() as i32).rem_euclid(columns)
    }

    /// Columns in `row`, at least one. A neighbour in the next row towards the pole may lie a
    /// little wider in degrees than this row's own width: hence the slack, and one row further.
    fn columns(&self, row: i32) -> i32 {
        let edge = |row: i32| (f64::from(row) * self.row_deg).abs();
        let poleward = edge(row - 1).max(edge(row + 2)).min(90.0);
        let round_m = 360.0 * METRES_PER_DEG * poleward.to_radians().cos();
        ((round_m / (self.range_m * SLACK)).floor() as i32).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scatter(n: usize, latitude: f64, longitude: f64, spread: f64) -> Vec<Position> {
        let mut seed = 7_u64;
        let mut unit = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            (seed >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        (0..n)
            .filter_map(|_| {
                let turned = longitude + unit() * spread + 540.0;
                Position::new(latitude + unit() * spread, turned.rem_euclid(360.0) - 180.0)
            })
            .collect()
    }

    #[test]
    fn nobody_within_range_is_missed_at_any_latitude_or_the_antimeridian() {
        for (latitude, longitude) in [(0.0, 0.0), (35.0, 139.0), (-60.0, 179.9), (88.0, 20.0)] {
            for range_m in [500.0, 20_000.0] {
                let points = scatter(300, latitude, longitude, range_m / 20_000.0);
                let grid = Grid::new(points.clone(), range_m);
                for i in 0..points.len() {
                    let found: Vec<usize> = grid.about(i).collect();
                    for j in (0..points.len()).filter(|j| *j != i) {
                        let within = points[i].distance_m(points[j]) <= range_m;
                        assert!(!within || found.contains(&j), "{latitude} {longitude} {range_m}");
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_is_found_twice() {
        for range_m in [500.0, 5_000_000.0] {
            let grid = Grid::new(scatter(50, 89.9, 0.0, 0.1), range_m);
            let mut found: Vec<usize> = grid.about(0).collect();
            let all = found.len();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), all);
        }
    }
}
