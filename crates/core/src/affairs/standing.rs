//! Standing options and phrase blocks: agreed in peace, quick at night. A text built from blocks
//! stands in both languages from the start, so nobody translates under pressure and no machine does.
//!
//! Refuses a book in which a block lacks a language, the two languages name different slots, or a
//! standing option names a block that is not there.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::Nation;
use renkei_model::observation::{Domain, Identity};
use renkei_model::statement::{Bilingual, Occurrence, SideAction, Subject};
use serde::Deserialize;

use super::refusal::Refusal;
use super::view::{BlockView, PhrasesView, StandingView};
use super::words::both;

/// The slots a block may hold.
const SLOTS: [&str; 2] = ["subject", "zone"];

/// The book that ships with the software; a pair of headquarters replaces it with its own.
const SHIPPED: [(&str, &str); 4] = [
    ("shadow-report.toml", include_str!("../../standing/shadow-report.toml")),
    ("information.toml", include_str!("../../standing/information.toml")),
    ("distress-support.toml", include_str!("../../standing/distress-support.toml")),
    ("observe.toml", include_str!("../../standing/observe.toml")),
];

/// Why a book was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StandingError {
    /// Not the TOML of a standing option.
    #[error("read standing options: `{name}`: {detail}")]
    Toml {
        /// The part of the book.
        name: String,
        /// The parser's words.
        detail: String,
    },
    /// An id twice.
    #[error("read standing options: `{name}`: `{id}` is already in the book; rename one")]
    Twice {
        /// The part of the book.
        name: String,
        /// Which id.
        id: String,
    },
    /// A block that is not there.
    #[error("read standing options: `{name}`: block `{id}` is not in it; add it or take it out")]
    NoBlock {
        /// The part of the book.
        name: String,
        /// Which block.
        id: String,
    },
    /// A language is missing, or the languages do not say the same slots.
    #[error(
        "read standing options: `{name}`: block `{id}` needs both languages with the same slots, \
         of {{subject}} and {{zone}}"
    )]
    Languages {
        /// The part of the book.
        name: String,
        /// Which block.
        id: String,
    },
}

/// The phrase book of a headquarters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    options: BTreeMap<String, StandingOption>,
    blocks: BTreeMap<String, Block>,
    /// Ids of options and blocks in the order of the book.
    order: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct StandingOption {
    id: String,
    title: Bilingual,
    blocks: Vec<String>,
    #[serde(rename = "block")]
    define: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    id: String,
    nation: Option<Nation>,
    en: String,
    ja: String,
}

/// What the slots are filled with. Everything in it may go to the partner.
pub(super) struct Slots {
    subject: Bilingual,
    zone: Option<Bilingual>,
}

/// A text in both languages, and what each side would do.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) text: Bilingual,
    pub(super) actions: Vec<SideAction>,
}

impl Standing {
    /// The book that ships with the software.
    ///
    /// # Panics
    /// Never: a test reads the shipped book.
    #[must_use]
    pub fn shipped() -> Self {
        #[expect(clippy::expect_used, reason = "a test reads the shipped book")]
        Self::parse(&SHIPPED).expect("the shipped book is sound")
    }

    /// Reads a book: name and TOML text of each standing option.
    ///
    /// # Errors
    /// [`StandingError`] names the part, the block, and how to mend it.
    pub fn parse(parts: &[(&str, &str)]) -> Result<Self, StandingError> {
        let mut book = Self::default();
        for (name, text) in parts {
            let option: StandingOption = toml::from_str(text)
                .map_err(|e| StandingError::Toml { name: (*name).into(), detail: e.to_string() })?;
            book.add(name, option)?;
        }
        Ok(book)
    }

    fn add(&mut self, name: &str, mut option: StandingOption) -> Result<(), StandingError> {
        let (name, id) = (name.to_owned(), option.id.clone());
        for block in std::mem::take(&mut option.define) {
            let id = block.id.clone();
            if !block.is_sound() {
                return Err(StandingError::Languages { name, id });
            }
            self.order.push(id.clone());
            if self.blocks.insert(id.clone(), block).is_some() {
                return Err(StandingError::Twice { name, id });
            }
        }
        if let Some(id) = option.blocks.iter().find(|id| !self.blocks.contains_key(*id)) {
            return Err(StandingError::NoBlock { name, id: id.clone() });
        }
        self.order.push(id.clone());
        match self.options.insert(id.clone(), option) {
            Some(_) => Err(StandingError::Twice { name, id }),
            None => Ok(()),
        }
    }

    /// The book as the screens need it.
    #[must_use]
    pub fn view(&self) -> PhrasesView {
        let options = self.order.iter().filter_map(|id| self.options.get(id));
        let blocks = self.order.iter().filter_map(|id| self.blocks.get(id));
        PhrasesView {
            standing: options
                .map(|o| StandingView {
                    id: o.id.clone(),
                    title: o.title.clone(),
                    blocks: o.blocks.clone(),
                })
                .collect(),
            blocks: blocks
                .map(|b| BlockView {
                    id: b.id.clone(),
                    nation: b.nation,
                    text: both(b.en.clone(), b.ja.clone()),
                })
                .collect(),
            reasons: super::agreed::agreed_reasons(),
        }
    }

    /// The blocks of a standing option as it was signed, without the actions of nations that are no
    /// party.
    pub(super) fn blocks_of(
        &self,
        template: &str,
        parties: [Nation; 2],
    ) -> Result<Vec<String>, Refusal> {
        let of_a_party = |id: &&String| {
            let nation = self.blocks.get(*id).and_then(|block| block.nation);
            nation.is_none_or(|nation| parties.contains(&nation))
        };
        let blocks = |o: &StandingOption| o.blocks.iter().filter(of_a_party).cloned().collect();
        self.options.get(template).map(blocks).ok_or_else(|| {
            Refusal::new(
                "RK-1110",
                format!("there is no standing option `{template}` in the book"),
                format!("標準対応案「{template}」は登録されていない"),
            )
        })
    }

    /// Renders blocks in order: those of no nation into the text that both sign, a nation's into its
    /// own action.
    pub(super) fn render(
        &self,
        blocks: &[String],
        slots: &Slots,
        parties: [Nation; 2],
    ) -> Result<Rendered, Refusal> {
        let mut text = Bilingual::default();
        let mut actions: BTreeMap<Nation, Bilingual> = BTreeMap::new();
        for id in blocks {
            let block = self.blocks.get(id).ok_or_else(|| no_block(id))?;
            let into = match block.nation {
                None => &mut text,
                Some(nation) if parties.contains(&nation) => actions.entry(nation).or_default(),
                Some(_) => return Err(no_block(id)),
            };
            let rendered = slots.fill(block)?;
            append(into, &rendered);
        }
        let actions =
            actions.into_iter().map(|(nation, text)| SideAction { nation, text }).collect();
        Ok(Rendered { text, actions })
    }
}

/// Adds a sentence; English wants a space between two, Japanese does not.
pub(super) fn append(text: &mut Bilingual, sentence: &Bilingual) {
    if !text.en.is_empty() && !sentence.en.is_empty() {
        text.en.push(' ');
    }
    text.en.push_str(sentence.en.trim());
    text.ja.push_str(sentence.ja.trim());
}

fn no_block(id: &str) -> Refusal {
    Refusal::new(
        "RK-1111",
        format!("there is no phrase block `{id}` for these two nations"),
        format!("定型文「{id}」は当該二国間の定型文集にない"),
    )
}

impl Block {
    fn is_sound(&self) -> bool {
        let (en, ja) = (slots_in(&self.en), slots_in(&self.ja));
        let known = en.iter().all(|slot| SLOTS.contains(&slot.as_str()));
        !self.en.trim().is_empty() && !self.ja.trim().is_empty() && en == ja && known
    }
}

fn slots_in(text: &str) -> BTreeSet<String> {
    pieces(text).filter(|(is_slot, _)| *is_slot).map(|(_, piece)| piece.into()).collect()
}

/// Splits a text into words and slots; an unclosed brace makes a slot of the rest, which no book
/// passes.
fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('{')
        .enumerate()
        .flat_map(|(i, part)| {
            if i == 0 {
                return [Some((false, part)), None];
            }
            match part.split_once('}') {
                Some((slot, rest)) => [Some((true, slot)), Some((false, rest))],
                None => [Some((true, part)), None],
            }
        })
        .flatten()
}

impl Slots {
    /// From what may be told of an incident.
    pub(super) fn of(subject: &Subject, occurrence: &Occurrence) -> Self {
        let zone = match occurrence {
            Occurrence::ZoneEntered { zone_name, .. } => Some(zone_name.clone()),
            _ => None,
        };
        Self { subject: spoken(subject), zone }
    }

    fn fill(&self, block: &Block) -> Result<Bilingual, Refusal> {
        let one = |text: &str, pick: fn(&Bilingual) -> &str| {
            pieces(text)
                .map(|(is_slot, piece)| match (is_slot, piece) {
                    (false, words) => Some(words),
                    (true, "subject") => Some(pick(&self.subject)),
                    (true, _) => self.zone.as_ref().map(pick),
                })
                .collect::<Option<String>>()
        };
        let en = one(&block.en, |b| &b.en);
        let ja = one(&block.ja, |b| &b.ja);
        match (en, ja) {
            (Some(en), Some(ja)) => Ok(both(capital(&en), ja)),
            _ => Err(Refusal::new(
                "RK-1112",
                format!("block `{}` speaks of a zone, and this incident has none", block.id),
                format!("定型文「{}」は区域に関するもので、本事案には区域がない", block.id),
            )),
        }
    }
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// How officers of both sides speak of a subject: by name and border alias, as far as released.
pub(super) fn spoken(subject: &Subject) -> Bilingual {
    let alias = subject.alias.map(|a| a.to_string());
    let named = subject.name.as_deref().map(plain).filter(|n| !n.is_empty());
    let name = named.or_else(|| subject.identity.as_ref().and_then(claimed));
    let (kind_en, kind_ja) = match subject.domain {
        Domain::Surface => ("the vessel", "船舶"),
        Domain::Air => ("the aircraft", "航空機"),
        _ => ("the contact", "対象"),
    };
    match (name, alias) {
        (Some(name), Some(alias)) => {
            both(format!("{name} ({alias})"), format!("{name}（{alias}）"))
        }
        (Some(name), None) => both(name.clone(), name),
        (None, Some(alias)) => both(format!("{kind_en} {alias}"), format!("{kind_ja}{alias}")),
        (None, None) if subject.identity.is_none() && subject.domain != Domain::Other => {
            let said = match subject.domain {
                Domain::Surface => "the vessel that gave no name",
                Domain::Air => "the aircraft that gave no name",
                _ => "the contact that gave no name",
            };
            both(said, format!("名称不明の{kind_ja}"))
        }
        (None, None) => both(kind_en, format!("当該{kind_ja}")),
    }
}

fn claimed(identity: &Identity) -> Option<String> {
    match identity {
        Identity::Mmsi(n) => Some(format!("MMSI {n:09}")),
        Identity::Icao(n) | Identity::NonIcao(n) => Some(format!("ICAO {n:06X}")),
        Identity::Cot(_) | Identity::Alias(_) => None,
    }
}

/// A transmitted name is an outside text: at most 40 characters, none of them a control.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect::<String>().trim().to_owned()
}
