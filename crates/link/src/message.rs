//! The bodies of the frames: CBOR arrays. Fields that a later version appends are skipped; bytes
//! after the value are refused.

use minicbor::{Decode, Decoder, Encode};
use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::{Nation, Partition};
use renkei_model::statement::SignedRecord;

use crate::class::{Cursor, Seen};
use crate::frame::Kind;

/// The protocol version of this build.
pub const PROTOCOL_VERSION: u16 = 2;

/// The oldest version this build still speaks: always the one before, once there is one.
pub(crate) const PROTOCOL_OLDEST: u16 = if PROTOCOL_VERSION > 1 { PROTOCOL_VERSION - 1 } else { 1 };

/// First field of every HELLO.
pub(crate) const DOMAIN: &str = "renkei/border";

/// The first three fields of HELLO, frozen for ever so that any two versions can at least refuse
/// each other in clear words.
#[derive(Debug, Decode)]
pub(crate) struct HelloPrefix {
    #[n(0)]
    pub(crate) domain: String,
    #[n(1)]
    pub(crate) newest: u16,
    #[n(2)]
    pub(crate) oldest: u16,
}

/// The first frame of each side.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Hello {
    #[n(0)]
    pub(crate) domain: String,
    #[n(1)]
    pub(crate) newest: u16,
    #[n(2)]
    pub(crate) oldest: u16,
    #[n(3)]
    pub(crate) record_version: u16,
    #[n(4)]
    pub(crate) policy_version: u16,
    #[n(5)]
    pub(crate) policy: Digest,
    /// Who speaks.
    #[n(6)]
    pub(crate) nation: Nation,
    /// Whom the speaker believes to be speaking with.
    #[n(7)]
    pub(crate) partner: Nation,
    #[n(8)]
    pub(crate) partition: Partition,
    /// Epoch of the speaker's logs.
    #[n(9)]
    pub(crate) epoch: u32,
    /// Differs at every start of the speaker's process.
    #[n(10)]
    pub(crate) boot: u64,
    /// Rises with every connection of that process.
    #[n(11)]
    pub(crate) session: u64,
    /// What the speaker durably holds of the hearer's logs.
    #[n(12)]
    pub(crate) cursors: Vec<ClassCursor>,
}

/// A cursor with the number of its class; unknown classes are skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ClassCursor {
    #[n(0)]
    pub(crate) class: u8,
    #[n(1)]
    pub(crate) cursor: Cursor,
}

/// Sent at least once a second. Times are the sender's clock in Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Heartbeat {
    #[n(0)]
    pub(crate) sent_at: i64,
    /// Age in milliseconds of the oldest observation that still waits to be sent; 0 = none waits.
    #[n(1)]
    pub(crate) behind_ms: u64,
    /// `sent_at` of the hearer's last heartbeat.
    #[n(2)]
    pub(crate) echo: Option<i64>,
    /// Milliseconds between hearing that one and sending this one.
    #[n(3)]
    pub(crate) held_ms: Option<u64>,
}

/// "Everything up to here is durable on our side", for the classes that moved.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Ack {
    #[n(0)]
    pub(crate) cursors: Vec<ClassCursor>,
}

/// Bytes of CHUNK and OBSERVATIONS frames taken in since the session began, headers included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Credit {
    #[n(0)]
    pub(crate) taken: u64,
}

/// A piece of one log entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Chunk {
    #[n(0)]
    pub(crate) class: u8,
    #[n(1)]
    pub(crate) seq: u64,
    /// Length of the whole entry.
    #[n(2)]
    pub(crate) total: u32,
    /// Where this piece begins.
    #[n(3)]
    pub(crate) offset: u32,
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub(crate) data: Vec<u8>,
}

/// The newest values of some things.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Observations {
    #[n(0)]
    pub(crate) items: Vec<Observed>,
}

/// One thing's newest value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Observed {
    /// Rises with every new value of this thing while the sender's process runs.
    #[n(0)]
    pub(crate) version: u32,
    /// Canonical CBOR of an `ObservationRelease`.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub(crate) release: Vec<u8>,
}

/// One entry of a log, as it is persisted and sent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Entry {
    #[n(0)]
    pub(crate) seen: Seen,
    #[n(1)]
    pub(crate) record: SignedRecord,
}

/// A body that is not what its kind says.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("read {what}: {why}")]
pub(crate) struct BodyError {
    pub(crate) what: &'static str,
    pub(crate) why: String,
}

/// Reads a whole body.
pub(crate) fn read<T: for<'b> Decode<'b, ()>>(
    body: &[u8],
    what: &'static str,
) -> Result<T, BodyError> {
    let mut decoder = Decoder::new(body);
    let value = decoder.decode().map_err(|e| BodyError { what, why: e.to_string() })?;
    if decoder.position() == body.len() {
        Ok(value)
    } else {
        Err(BodyError { what, why: "bytes follow the value".into() })
    }
}

/// Appends a frame of `kind` with `body` to `out`; its whole length.
pub(crate) fn send<T: Encode<()>>(out: &mut Vec<u8>, kind: Kind, body: &T) -> usize {
    let before = out.len();
    crate::frame::write(out, kind as u8, &to_canonical(body));
    out.len() - before
}
