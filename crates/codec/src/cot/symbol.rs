//! Symbol codes: CoT types and 15-character letter codes of MIL-STD-2525B, one from the other, and
//! both for what is on the picture.
//!
//! Refuses: affiliation from anything but the affiliation it is given. The sender's own letter in a
//! CoT type is the sender's opinion.

use renkei_model::observation::Domain;
use renkei_model::statement::Affiliation;

/// Characters of a letter code.
const SIDC_LEN: usize = 15;
/// Characters of its function part.
const FUNCTION_LEN: usize = 6;

/// The letter code of a CoT atom: `a-f-G-U-C` → `SFGPUC---------`. Lower-case parts after the
/// dimension are CoT's own additions and are left out. `None` for other types.
#[must_use]
pub fn sidc_of_cot(kind: &str) -> Option<String> {
    let mut parts = kind.split('-');
    if parts.next() != Some("a") {
        return None;
    }
    let affiliation = match parts.next()? {
        one @ ("p" | "u" | "a" | "f" | "n" | "s" | "h" | "j" | "k") => one.to_ascii_uppercase(),
        _ => "O".into(),
    };
    let is_dimension = |part: &&str| matches!(*part, "P" | "A" | "G" | "S" | "U" | "F");
    let dimension = parts.next().filter(is_dimension).unwrap_or("Z");
    let is_function = |part: &&str| matches!(part.as_bytes(), [letter] if letter.is_ascii_uppercase() || letter.is_ascii_digit());
    let function: String = parts.take_while(is_function).take(FUNCTION_LEN).collect();
    let mut sidc = format!("S{affiliation}{dimension}P{function}");
    // Installations carry their mark in the eleventh place.
    let is_installation = dimension == "G" && function.starts_with('I');
    while sidc.len() < SIDC_LEN {
        sidc.push(if is_installation && sidc.len() == 10 { 'H' } else { '-' });
    }
    Some(sidc)
}

/// The CoT type of a letter code: `SFGPUC---------` → `a-f-G-U-C`. `None` unless it is a
/// warfighting symbol (`S`) with a known affiliation.
#[must_use]
pub fn cot_of_sidc(sidc: &str) -> Option<String> {
    let mut letters = sidc.chars();
    if letters.next() != Some('S') {
        return None;
    }
    let affiliation = letters.next().filter(|letter| "PUAFNSHJKO".contains(*letter))?;
    let dimension = letters.next()?;
    let mut kind = format!("a-{}", affiliation.to_ascii_lowercase());
    if "PAGSUF".contains(dimension) {
        kind.push('-');
        kind.push(dimension);
        let function = letters.skip(1).take(FUNCTION_LEN).take_while(char::is_ascii_alphanumeric);
        for letter in function {
            kind.push('-');
            kind.push(letter);
        }
    }
    Some(kind)
}

/// The letter of an affiliation in both codes, upper case.
fn letter(affiliation: Affiliation) -> char {
    match affiliation {
        Affiliation::Pending => 'P',
        Affiliation::Unknown => 'U',
        Affiliation::AssumedFriend => 'A',
        Affiliation::Friend => 'F',
        Affiliation::Neutral => 'N',
        Affiliation::Suspect => 'S',
        Affiliation::Hostile => 'H',
    }
}

/// The letter code for something on the picture: its kind from the CoT type if one was reported, else
/// from the AIS ship type and the domain; the affiliation as this headquarters states it.
#[must_use]
pub fn sidc(
    domain: Domain,
    affiliation: Affiliation,
    ship_type: Option<u8>,
    cot_type: Option<&str>,
) -> String {
    let code = cot_type.and_then(sidc_of_cot).unwrap_or_else(|| {
        let kind = match domain {
            Domain::Surface => format!("SOSP{}", ship_function(ship_type)),
            // Civil, fixed wing: who sends ADS-B as anything else is rarely told.
            Domain::Air => "SOAPCF".into(),
            Domain::Land => "SOGPU".into(),
            Domain::Installation => "SOGPI-----H".into(),
            Domain::Other => "SOZP".into(),
        };
        format!("{kind:-<SIDC_LEN$}")
    });
    let mut code: Vec<char> = code.chars().collect();
    if let Some(slot) = code.get_mut(1) {
        *slot = letter(affiliation);
    }
    code.into_iter().collect()
}

/// The CoT type for something on the picture: see [`sidc`].
#[must_use]
pub fn cot_type(
    domain: Domain,
    affiliation: Affiliation,
    ship_type: Option<u8>,
    reported: Option<&str>,
) -> String {
    cot_of_sidc(&sidc(domain, affiliation, ship_type, reported)).unwrap_or_else(|| "a-u".into())
}

/// Non-military sea surface function of an AIS ship type (ITU-R M.1371-5 table 53); none for types
/// that say nothing or that 2525B has no civil symbol for.
fn ship_function(ship_type: Option<u8>) -> &'static str {
    match ship_type {
        Some(30) => "XF",
        Some(31 | 32) => "XMTO",
        Some(33) => "XFDR",
        Some(36 | 37) => "XR",
        Some(52) => "XMTU",
        Some(55) => "XL",
        Some(60..=69) => "XMP",
        Some(70..=79) => "XMC",
        Some(80..=89) => "XMO",
        Some(20..=29 | 34 | 40..=51 | 53 | 54 | 56..=59 | 90..=99) => "X",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cot_type_and_its_letter_code_name_the_same_thing() {
        for (kind, sidc) in [
            ("a-f-G-U-C", "SFGPUC---------"),
            ("a-f-S-C-L", "SFSPCL---------"),
            ("a-n-A-C-F", "SNAPCF---------"),
            ("a-u-U-S", "SUUPS----------"),
            ("a-h-G", "SHGP-----------"),
            ("a-p-A-M-F-Q-H", "SPAPMFQH-------"),
            ("a-f-G-I", "SFGPI-----H----"),
            ("a-s", "SSZP-----------"),
        ] {
            assert_eq!(sidc_of_cot(kind).as_deref(), Some(sidc));
            assert_eq!(cot_of_sidc(sidc).as_deref(), Some(kind));
        }
    }

    #[test]
    fn cots_own_letters_are_left_out() {
        assert_eq!(sidc_of_cot("a-f-G-E-V-C-a").as_deref(), Some("SFGPEVC--------"));
        assert_eq!(sidc_of_cot("a-x-A").as_deref(), Some("SOAP-----------"));
        assert_eq!(sidc_of_cot("b-t-f"), None);
        assert_eq!(cot_of_sidc("GFGPGLB--------"), None);
    }

    #[test]
    fn the_affiliation_is_ours_and_the_kind_is_reported() {
        assert_eq!(
            sidc(Domain::Land, Affiliation::Unknown, None, Some("a-f-G-U-C")),
            "SUGPUC---------"
        );
        assert_eq!(sidc(Domain::Surface, Affiliation::Neutral, Some(71), None), "SNSPXMC--------");
        assert_eq!(sidc(Domain::Air, Affiliation::Pending, None, None), "SPAPCF---------");
        assert_eq!(cot_type(Domain::Surface, Affiliation::Neutral, Some(84), None), "a-n-S-X-M-O");
        assert_eq!(cot_type(Domain::Other, Affiliation::Unknown, None, None), "a-u");
    }
}
