//! What a record of the partner must be before it is taken: signed by the partner's key, its own,
//! of this partition, for us, in the one canonical spelling, new, and allowed by the rules of
//! agreement. Everything else is refused, counted and named.

use minicbor::Decoder;
use renkei_model::cbor::from_canonical;
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::label::Label;
use renkei_model::statement::{RECORD_VERSION, Record, SignedRecord};
use renkei_model::time::Timestamp;

use super::content;
use super::not_taken::NotTaken;
use super::state::State;
use super::succession;

/// A record may not be longer than this: an option with every block of the book has about 8 KiB.
pub(super) const RECORD_BYTES_MAX: usize = 64 * 1024;

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
    /// The key in force.
    pub(super) key: &'a [u8; 32],
    /// The key before it, where what it signed is still on its way and it was not revoked.
    pub(super) before: Option<[u8; 32]>,
    pub(super) partition: &'a Partition,
    pub(super) me: Nation,
    pub(super) lane: u32,
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
    let key = succession::signer(expected, signed)?;
    let expected = &Expected { key: &key, ..*expected };
    let header = Header::read(&signed.bytes).ok_or(NotTaken::NotCanonical)?;
    header.check(state, expected, signed)?;
    match from_canonical::<Record>(&signed.bytes) {
        Ok(record) => {
            content::check(state, expected, &record)?;
            Ok(Checked::Known(Box::new(record)))
        }
        Err(_) if header.is_newer() || holds_an_unknown_variant(&signed.bytes) => {
            Ok(Checked::Unknown)
        }
        Err(_) => Err(NotTaken::NotCanonical),
    }
}

/// Whether a record is whole, but holds a variant that this build does not know: a kind of occurrence
/// in an incident, say. The kind of its statement is known, so its header does not show it.
fn holds_an_unknown_variant(bytes: &[u8]) -> bool {
    let read = Decoder::new(bytes).decode::<Record>();
    let mut whole = Decoder::new(bytes);
    read.is_err_and(|e| e.is_unknown_variant())
        && whole.skip().is_ok()
        && whole.position() == bytes.len()
}

/// The id of a record that this build cannot read as a whole.
pub(super) fn id_of(bytes: &[u8]) -> Option<ObjectId> {
    Header::read(bytes).map(|header| header.id)
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
const STATEMENT_LAST: u32 = 12;

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
