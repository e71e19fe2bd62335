//! How much of a thing is told: five tiers, each of which needs the ones below it.

use renkei_model::statement::Bilingual;
use serde::Serialize;

/// How much of an observation is told, from least to most. A higher tier needs all lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// That there is something of this domain (存在).
    Existence,
    /// Which 0.1° cell it is in, once in ten minutes (概略位置).
    Coarse,
    /// Where it is and how it moves, as reported (詳細位置・運動).
    Full,
    /// Who it says it is (識別情報).
    Identity,
    /// Which of our feeds reported it (情報源).
    Source,
}

impl Tier {
    /// All tiers from least to most.
    pub const ALL: [Self; 5] =
        [Self::Existence, Self::Coarse, Self::Full, Self::Identity, Self::Source];

    /// The tier's code: the Cedar action and the JSON word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Existence => "existence",
            Self::Coarse => "coarse",
            Self::Full => "full",
            Self::Identity => "identity",
            Self::Source => "source",
        }
    }

    /// What the tier is called in Japanese.
    #[must_use]
    pub fn title_ja(self) -> &'static str {
        match self {
            Self::Existence => "存在",
            Self::Coarse => "概略位置",
            Self::Full => "詳細位置・運動",
            Self::Identity => "識別情報",
            Self::Source => "情報源",
        }
    }
}

/// What policy says of one tier, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TierVerdict {
    /// Which tier.
    pub tier: Tier,
    /// Whether it may be told.
    pub permitted: bool,
    /// The `@id` of the policy that decided; `None` when none spoke (no agreement covers it).
    pub policy: Option<String>,
    /// Why, in that policy's words. The same question always gets the same words.
    pub reason: Bilingual,
}
