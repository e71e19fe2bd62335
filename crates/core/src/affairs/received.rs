//! What a record of the partner must be before it is taken: signed by the partner's key, its own,
//! of this partition, for us, in the one canonical spelling, new, and allowed by the rules of
//! agreement. Everything else is refused, counted and named.

use minicbor::Decoder;
use renkei_model::cbor::from_canonical;
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::label::Label;
use renkei_model::statement::{Bilingual, RECORD_VERSION, Record, SignedRecord};
use renkei_model::time::Timestamp;

use super::content;
use super::sign::{SignatureError, check_signature};
use super::state::State;
use super::words::both;

/// A record may not be longer than this: an option with every block of the book has about 8 KiB.
pub(super) const RECORD_BYTES_MAX: usize = 64 * 1024;

/// Why a record of the partner was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NotTaken {
    NotPartner,
    AnotherKey,
    Forged,
    TooLong,
    NotCanonical,
    ForeignOrigin,
    AnotherPartition,
    Duplicate,
    TwoUnderOneId,
    NotForUs,
    ForeignContent,
    NoAuthority,
    NoSuchVersion,
    SecondAnswer,
    Overtaken,
    SecondSignature,
    NotAgreed,
    Malformed,
    NotNewer,
}

impl NotTaken {
    pub(super) const ALL: [Self; 19] = [
        Self::NotPartner,
        Self::AnotherKey,
        Self::Forged,
        Self::TooLong,
        Self::NotCanonical,
        Self::ForeignOrigin,
        Self::AnotherPartition,
        Self::Duplicate,
        Self::TwoUnderOneId,
        Self::NotForUs,
        Self::ForeignContent,
        Self::NoAuthority,
        Self::NoSuchVersion,
        Self::SecondAnswer,
        Self::Overtaken,
        Self::SecondSignature,
        Self::NotAgreed,
        Self::Malformed,
        Self::NotNewer,
    ];

    /// Stable code and words.
    pub(super) fn words(self) -> (&'static str, Bilingual) {
        let (code, en, ja) = match self {
            Self::NotPartner => (
                "RK-1201",
                "not from the partner on the card",
                "登録された連接先からのものではない",
            ),
            Self::AnotherKey => (
                "RK-1202",
                "signed with a key that is not on the partner's card: exchange cards again",
                "登録された鍵と異なる鍵による署名。鍵情報の再交換を要する",
            ),
            Self::Forged => ("RK-1203", "the signature does not stand", "署名を検証できない"),
            Self::TooLong => ("RK-1204", "longer than a record may be", "記録の長さが上限を超える"),
            Self::NotCanonical => {
                ("RK-1205", "not in the one canonical spelling", "正規の符号化ではない")
            }
            Self::ForeignOrigin => {
                ("RK-1206", "written in the name of another node", "他ノードの名義で作成されている")
            }
            Self::AnotherPartition => (
                "RK-1207",
                "from another partition: exercise and real never meet",
                "別区分の記録。演習と実事案は交わらない",
            ),
            Self::Duplicate => ("RK-1208", "already held", "既に保有している"),
            Self::TwoUnderOneId => (
                "RK-1209",
                "another record under an id that is already held",
                "保有済みの番号に別内容の記録",
            ),
            Self::NotForUs => (
                "RK-1210",
                "its label does not release it to us: ask the partner's release officer",
                "表示上、当方への提供が認められていない。提供側の審査官に照会を要する",
            ),
            Self::ForeignContent => {
                ("RK-1211", "states what only another node may state", "他ノードのみが述べ得る内容")
            }
            Self::NoAuthority => (
                "RK-1212",
                "the seat has published no authority for it",
                "当該職に必要な権限が通知されていない",
            ),
            Self::NoSuchVersion => {
                ("RK-1213", "speaks of a version that is not held", "保有していない版に関するもの")
            }
            Self::SecondAnswer => (
                "RK-1214",
                "a second answer to one version: an answer is irrevocable",
                "同一版への二度目の回答。回答は取り消せない",
            ),
            Self::Overtaken => (
                "RK-1215",
                "answers a version after it had moved on to a newer one",
                "新しい版に移った後の旧版への回答",
            ),
            Self::SecondSignature => (
                "RK-1216",
                "a signature while another version of the option may still be agreed",
                "他の版が合意され得る間の署名",
            ),
            Self::NotAgreed => (
                "RK-1217",
                "rests on an agreement that does not exist",
                "成立していない合意に基づくもの",
            ),
            Self::Malformed => {
                ("RK-1218", "a field is missing or out of range", "項目の欠落又は範囲外")
            }
            Self::NotNewer => ("RK-1219", "older than what is held", "保有しているものより古い"),
        };
        (code, both(en, ja))
    }

    /// The words for a code that was read from the ledger.
    pub(super) fn by_code(code: &str) -> Option<(&'static str, Bilingual)> {
        Self::ALL.into_iter().map(Self::words).find(|(known, _)| *known == code)
    }
}

/// What came of a check that found nothing wrong.
#[derive(Debug)]
pub(super) enum Checked {
    /// To be taken and acted on.
    Known(Box<Record>),
    /// Of a newer build: to be kept as it is, and not acted on.
    Unknown,
}

/// Against whom a record is checked.
pub(super) struct Expected<'a> {
    pub(super) partner: Nation,
    pub(super) key: &'a [u8; 32],
    pub(super) partition: &'a Partition,
    pub(super) me: Nation,
}

/// Checks everything that can be checked before a record is taken.
pub(super) fn check(
    state: &State,
    expected: &Expected<'_>,
    from: Nation,
    signed: &SignedRecord,
) -> Result<Checked, NotTaken> {
    if from != expected.partner {
        return Err(NotTaken::NotPartner);
    }
    if signed.bytes.len() > RECORD_BYTES_MAX {
        return Err(NotTaken::TooLong);
    }
    check_signature(expected.key, signed).map_err(|e| match e {
        SignatureError::AnotherKey | SignatureError::NoKey => NotTaken::AnotherKey,
        SignatureError::Forged => NotTaken::Forged,
    })?;
    let header = Header::read(&signed.bytes).ok_or(NotTaken::NotCanonical)?;
    header.check(state, expected, signed)?;
    match from_canonical::<Record>(&signed.bytes) {
        Ok(record) => {
            content::check(state, expected, &record)?;
            Ok(Checked::Known(Box::new(record)))
        }
        Err(_) if header.is_newer() => Ok(Checked::Unknown),
        Err(_) => Err(NotTaken::NotCanonical),
    }
}

/// What every version of a record begins with.
struct Header {
    version: u16,
    id: ObjectId,
    label: Label,
    /// The number of the statement's kind.
    statement: u32,
}

/// The statement kinds of [`RECORD_VERSION`].
const STATEMENT_LAST: u32 = 8;

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new(bytes);
        decoder.array().ok()??;
        let version = decoder.decode().ok()?;
        let id = decoder.decode().ok()?;
        let _made_at: Timestamp = decoder.decode().ok()?;
        let label = decoder.decode().ok()?;
        decoder.array().ok()??;
        let statement = decoder.u32().ok()?;
        Some(Self { version, id, label, statement })
    }

    fn is_newer(&self) -> bool {
        self.version > RECORD_VERSION || self.statement > STATEMENT_LAST
    }

    fn check(
        &self,
        state: &State,
        expected: &Expected<'_>,
        signed: &SignedRecord,
    ) -> Result<(), NotTaken> {
        if self.id.node != expected.partner || self.label.originator != expected.partner {
            return Err(NotTaken::ForeignOrigin);
        }
        if self.id.partition != *expected.partition {
            return Err(NotTaken::AnotherPartition);
        }
        match state.taken.get(&self.id) {
            Some(held) if *held == signed.digest() => return Err(NotTaken::Duplicate),
            Some(_) => return Err(NotTaken::TwoUnderOneId),
            None => {}
        }
        if self.label.releasable_to.contains(&expected.me) {
            Ok(())
        } else {
            Err(NotTaken::NotForUs)
        }
    }
}
