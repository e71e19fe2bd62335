//! Texts in the form in which they are compared: what looks alike is made alike.

use unicode_normalization::UnicodeNormalization as _;

/// Compatibility forms (NFKC: full and half width, ligatures), lower case, katakana as hiragana, without
/// marks that are not seen (zero width, soft hyphen, variation selectors).
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkc().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase).map(hiragana)
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Katakana U+30A1–U+30F6 lie 0x60 above hiragana.
fn hiragana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        other => other,
    }
}

/// Words with one blank between them and at both ends; Latin letters part from other letters, so that a
/// Latin word within Japanese text is a word.
pub(super) fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    let mut before = None;
    for c in folded(text) {
        let kind = c.is_alphanumeric().then(|| c.is_ascii());
        if kind != before && !out.ends_with(' ') {
            out.push(' ');
        }
        if kind.is_some() {
            out.push(c);
        }
        before = kind;
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// Letters and digits alone, without the long-vowel mark, which is left out and written as a line at will.
pub(super) fn squeezed(text: &str) -> String {
    folded(text).filter(|c| c.is_alphanumeric() && *c != 'ー').collect()
}

/// True of a word without kana or kanji: it has ends.
pub(super) fn is_latin(word: &str) -> bool {
    folded(word).all(|c| !c.is_alphanumeric() || c.is_ascii())
}
