//! A coast radar on Miyako: what lies within its range, whether it names itself or not, as JSON plots.
//!
//! Six boats in its range send no AIS. Refuses: the story's zone, which lies beyond its horizon, and
//! memory: a turn's plots follow from the seed and the turn alone.

use renkei_codec::plots::Site;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::dice::Dice;
use super::path::Path;
use super::table::place;

/// Who hears it.
pub(super) const RECEIVERS: &[&str] = &["jpn-radar"];
/// A turn of the antenna.
pub(super) const TURN_MS: i64 = 3_000;
/// How far it sees: to the horizon of its mast and a little beyond.
const RANGE_M: f64 = 40_000.0;
/// Of 100 looks at a thing, so many see it.
const DETECTED: u64 = 92;
/// Plots of the sea in a turn, at most.
const CLUTTER: u64 = 3;
const BOATS: usize = 6;
/// Round the antenna, km; the boats stay well within its range.
const BOATS_WITHIN_KM: f64 = 16.0;
/// Apart from everything else that the seed decides.
const SALT: u64 = 0x0052_4144_4152;

/// The radar, and the boats that only it sees.
#[derive(Debug)]
pub(super) struct Radar {
    seed: u64,
    site: Site,
    boats: Vec<Path>,
}

impl Radar {
    pub(super) fn new(seed: u64) -> Self {
        let seed = seed ^ SALT;
        let mut dice = Dice::new(seed);
        let position = place(24.745, 125.262);
        let boat = |i: usize, dice: &mut Dice| {
            let away_m = dice.between(8_000.0, 14_000.0);
            // Off the south and west of the island.
            let centre = position.destination(170.0 + 20.0 * i as f64, away_m);
            Path::round(centre, BOATS_WITHIN_KM / 4.0, dice.between(3.0, 9.0), dice)
        };
        let boats = (0..BOATS).map(|i| boat(i, &mut dice)).collect();
        let (height_m, range_sd_m, bearing_sd_deg) = (60.0, 25.0, 0.12);
        let site = Site { position, height_m, range_sd_m, bearing_sd_deg, ceiling_m: 0.0 };
        Self { seed, site, boats }
    }

    /// Where the boats without AIS truly are at `at`.
    pub(super) fn boats(&self, start: Timestamp, at: Timestamp) -> Vec<Position> {
        self.boats.iter().map(|path| path.motion(start, at).position).collect()
    }

    /// What the turn that ends at `at` saw, of the boats and of what else is where at a time, as lines
    /// with their ends.
    pub(super) fn turn(
        &self,
        start: Timestamp,
        at: Timestamp,
        others: impl Fn(Timestamp) -> Vec<Position>,
    ) -> Vec<u8> {
        let turn = at.since_ms(start).div_euclid(TURN_MS);
        let mut dice = Dice::new(self.seed.wrapping_add(turn.unsigned_abs()));
        let mut lines = Vec::new();
        let things = [self.boats(start, at), others(at)].concat();
        for (i, thing) in things.into_iter().enumerate() {
            let seen = dice.chance(DETECTED);
            let errors = [normal(&mut dice), normal(&mut dice)];
            if seen && self.site.position.distance_m(thing) <= RANGE_M {
                // Once more where it is when the antenna points there.
                let bearing_deg = self.site.position.bearing_deg(thing);
                let when = at.plus_ms(((bearing_deg / 360.0 - 1.0) * TURN_MS as f64) as i64);
                let there = match self.boats.get(i) {
                    Some(path) => path.motion(start, when).position,
                    None => others(when).get(i - self.boats.len()).copied().unwrap_or(thing),
                };
                let (range_m, bearing_deg) = self.site.measure(there, 0.0);
                let range_m = range_m + errors[0] * self.site.range_sd_m;
                let bearing_deg = bearing_deg + errors[1] * self.site.bearing_sd_deg;
                lines.extend(self.line(turn, when, range_m, bearing_deg));
            }
        }
        for _ in 0..dice.below(CLUTTER + 1) {
            let (range_m, bearing_deg) = (dice.between(2_000.0, RANGE_M), dice.between(0.0, 360.0));
            let when = at.plus_ms(((bearing_deg / 360.0 - 1.0) * TURN_MS as f64) as i64);
            lines.extend(self.line(turn, when, range_m, bearing_deg));
        }
        lines
    }

    fn line(&self, turn: i64, at: Timestamp, range_m: f64, bearing_deg: f64) -> Vec<u8> {
        let Site { position, height_m, range_sd_m, bearing_sd_deg, ceiling_m: _ } = self.site;
        format!(
            "{{\"time\":{:.3},\"scan\":{turn},\"site\":{{\"lat\":{},\"lon\":{},\"height_m\":{height_m}}},\
             \"range_m\":{:.1},\"bearing_deg\":{:.3},\"range_sd_m\":{range_sd_m},\
             \"bearing_sd_deg\":{bearing_sd_deg}}}\n",
            at.0 as f64 / 1_000.0,
            position.latitude_deg(),
            position.longitude_deg(),
            range_m.max(0.0),
            bearing_deg.rem_euclid(360.0),
        )
        .into_bytes()
    }
}

/// Nearly normal, with mean 0 and standard deviation 1: the sum of twelve even ones.
fn normal(dice: &mut Dice) -> f64 {
    (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0
}
