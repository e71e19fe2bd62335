//! Invented names, call signs and destinations.
//!
//! Refuses: real ones, as far as invention can. Names are built from made-up words; call signs
//! and flight numbers begin with Q, a letter that the ITU and the ICAO assign to nobody.

use std::collections::BTreeSet;

use super::dice::Dice;

const HEADS: [&str; 20] = [
    "VEL", "KOR", "TAMA", "SORI", "NAR", "MIZU", "ARDE", "HALO", "RIVA", "OKI", "PELA", "TSURA",
    "BREN", "YUNA", "CALDO", "FENN", "ISHA", "MORI", "ZELA", "KUNO",
];
const TAILS: [&str; 16] = [
    "MORA", "VANE", "NAMI", "DRIS", "TERRA", "LUNE", "HIRA", "GARD", "SOLA", "MIRE", "KAI", "WYN",
    "RISE", "TOSE", "BELL", "NORD",
];
const ROLES: [&str; 10] =
    ["STAR", "PIONEER", "HERON", "VENTURE", "PEARL", "MARU", "TRADER", "DAWN", "ORCHID", "SPIRIT"];

/// Hands out names that nothing else in this world has.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A ship's name, at most 20 characters of the six-bit alphabet.
    pub(super) fn ship(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, |dice| {
            let (head, tail) = (dice.pick(&HEADS), dice.pick(&TAILS));
            format!("{head}{tail} {}", dice.pick(&ROLES))
        })
    }

    /// A ship's call sign.
    pub(super) fn callsign(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, |dice| format!("Q{}{:03}", letters(dice, 2), dice.below(1000)))
    }

    /// A flight identification: an airline's three letters and a number.
    pub(super) fn flight(&mut self, dice: &mut Dice) -> String {
        const AIRLINES: [&str; 8] = ["QHN", "QTK", "QSL", "QVR", "QMZ", "QAR", "QKD", "QUB"];
        self.fresh(dice, |dice| format!("{}{}", dice.pick(&AIRLINES), 100 + dice.below(900)))
    }

    fn fresh(&mut self, dice: &mut Dice, make: impl Fn(&mut Dice) -> String) -> String {
        loop {
            let name = make(dice);
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn letters(dice: &mut Dice, count: usize) -> String {
    (0..count).map(|_| char::from(b'A' + dice.below(26) as u8)).collect()
}
