//! The data files that the world is made from: fields between semicolons, `#` comments.
//!
//! Refuses: to guess. A line that cannot be read is our own mistake and stops the program that
//! built it in; a test reads every file.

use renkei_model::position::Position;

/// The fields of every line that is not a comment.
pub(super) fn rows(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split(';').collect())
}

/// The number in field `index` of `row`.
#[expect(clippy::expect_used, reason = "the files are part of the program and tested")]
pub(super) fn number(row: &[&str], index: usize) -> f64 {
    text(row, index).parse().expect("a number in a data file of the world")
}

/// Field `index` of `row`.
#[expect(clippy::expect_used, reason = "the files are part of the program and tested")]
pub(super) fn text<'a>(row: &[&'a str], index: usize) -> &'a str {
    row.get(index).copied().expect("a field in a data file of the world")
}

/// The points `latitude longitude, latitude longitude, …` in field `index` of `row`.
pub(super) fn points(row: &[&str], index: usize) -> Vec<Position> {
    text(row, index)
        .split(',')
        .map(|pair| {
            let values: Vec<&str> = pair.split_whitespace().collect();
            place(number(&values, 0), number(&values, 1))
        })
        .collect()
}

/// A place that is written in this program.
#[expect(clippy::expect_used, reason = "the places are part of the program and tested")]
pub(super) fn place(latitude_deg: f64, longitude_deg: f64) -> Position {
    Position::new(latitude_deg, longitude_deg).expect("a place on this Earth")
}
