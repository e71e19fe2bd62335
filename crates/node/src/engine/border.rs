//! The engine's side of the border: what the link asks for, what it hands up, what it may send.

use minicbor::{Decode, Encode};
use renkei_core::affairs::{Affairs, AffairsInput, Place};
use renkei_core::picture::AliasKey;
use renkei_link::border::{Event, LogState, Restored};
use renkei_link::class::PerClass;
use renkei_link::status::{Ended, LinkStatus};
use renkei_link::{Border, Class, Cursor};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Released};
use tokio::sync::mpsc;

use crate::messages::{FromBorder, ToBorder};

/// Most bytes handed to the connection at once; the credit window bounds what is on the way.
const TRANSMIT_BYTES: usize = 64 * 1024;

/// A border alias that was given, as it lies in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct GivenAlias {
    /// Towards whom.
    #[n(0)]
    pub(crate) partner: Nation,
    /// For what.
    #[n(1)]
    pub(crate) key: AliasKey,
    /// The alias.
    #[n(2)]
    pub(crate) alias: BorderAlias,
}

/// The link with one partner and what its owner must keep for it.
pub(crate) struct BorderSide {
    /// The protocol.
    pub(crate) link: Border,
    partner: Nation,
    socket: mpsc::Sender<ToBorder>,
    connection: Option<u64>,
}

/// What the ledger holds of both sides' logs with one partner, as the link takes it.
pub(crate) fn restored(affairs: &Affairs, epoch: u32) -> Restored {
    let in_epoch = |place: &&Place| place.epoch == epoch;
    let last = |class: Class| {
        affairs.sent().get(&class.code()).filter(in_epoch).map_or(0, |place| place.seq)
    };
    let cursor = |class: Class| {
        let place = affairs.cursors().get(&class.code());
        place.map(|p| Cursor { epoch: p.epoch, seq: p.seq }).unwrap_or_default()
    };
    Restored {
        logs: PerClass::of(|class| LogState { committed: last(class), partner_holds: 0 }),
        cursors: PerClass::of(cursor),
    }
}

/// What the engine must do after the link was touched.
pub(crate) enum BorderWork {
    /// For the affairs.
    Affairs(AffairsInput),
    /// For the picture.
    Observation(ObservationRelease),
    /// The link came up or went down.
    Link(bool),
    /// The link needs entries of our log.
    Wanted {
        /// Which log.
        class: Class,
        /// From this number on.
        first: u64,
        /// About so many bytes.
        bytes: usize,
    },
}

impl BorderSide {
    /// The border as the ledger left it.
    pub(crate) fn new(link: Border, partner: Nation, socket: mpsc::Sender<ToBorder>) -> Self {
        Self { link, partner, socket, connection: None }
    }

    /// Something came from the border task.
    pub(crate) fn input(&mut self, input: FromBorder, now: Timestamp) -> Vec<BorderWork> {
        let events = match input {
            FromBorder::Connected { number } => {
                self.connection = Some(number);
                self.link.connected(number, now);
                self.link.take_events()
            }
            FromBorder::Disconnected { number, why } => {
                self.connection = self.connection.filter(|open| *open != number);
                self.link.disconnected(number, &why, now)
            }
            FromBorder::Received { number, bytes } => self.link.receive(number, &bytes, now),
        };
        self.work(events)
    }

    /// Time passed.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Vec<BorderWork> {
        let events = self.link.tick(now);
        self.work(events)
    }

    fn work(&mut self, events: Vec<Event>) -> Vec<BorderWork> {
        let mut work = Vec::new();
        for event in events {
            match event {
                Event::Up(greeting) => {
                    tracing::info!(partner = %self.partner, epoch = greeting.epoch, "link up");
                    work.push(BorderWork::Link(true));
                }
                Event::Down(ended) => {
                    tracing::warn!(partner = %self.partner, why = %words(&ended), "link down");
                    work.push(BorderWork::Link(false));
                }
                Event::Refused { by, refusal } => {
                    tracing::warn!(%by, code = refusal.code.name(), words = refusal.words, "link refused");
                }
                Event::Record { class, cursor, record, .. } => {
                    work.push(BorderWork::Affairs(AffairsInput::Received {
                        from: self.partner,
                        class: class.code(),
                        place: Place { epoch: cursor.epoch, seq: cursor.seq },
                        record,
                    }));
                }
                Event::Observation { release, .. } => work.push(BorderWork::Observation(*release)),
                Event::PartnerApplied { class, seq } => {
                    let class = class.code();
                    work.push(BorderWork::Affairs(AffairsInput::PartnerApplied { class, seq }));
                }
                Event::Wanted { class, first, bytes } => {
                    work.push(BorderWork::Wanted { class, first, bytes });
                }
            }
        }
        work
    }

    /// Entries of our log from `first` on, as the affairs kept them.
    pub(crate) fn supply(&mut self, class: Class, first: u64, entries: Vec<Vec<u8>>) {
        self.link.supply(class, first, entries);
    }

    /// The disk refused: what was offered is taken back, what was received is asked for again.
    pub(crate) fn not_stored(&mut self) -> Vec<BorderWork> {
        // The partner is told no more than that: a path or a disk's words are not released.
        let events = self.link.not_stored("the ledger could not keep what was received");
        self.work(events)
    }

    /// An entry became durable.
    pub(crate) fn committed(&mut self, class: u8, place: Place) {
        if let Some(class) = Class::from_code(class) {
            self.link.committed(class, place.seq);
        }
    }

    /// The partner's record is durable here.
    pub(crate) fn applied(&mut self, class: u8, place: Place) {
        if let Some(class) = Class::from_code(class) {
            self.link.applied(class, Cursor { epoch: place.epoch, seq: place.seq });
        }
    }

    /// Puts the newest observation of one thing.
    pub(crate) fn offer(&mut self, observation: Released<ObservationRelease>) {
        if let Err(error) = self.link.offer_observation(observation) {
            tracing::warn!(%error, "an observation was not offered to the partner");
        }
    }

    /// Forgets a thing that is tracked no more.
    pub(crate) fn forget(&mut self, alias: BorderAlias) {
        self.link.forget_observation(alias);
    }

    /// Hands the socket what the link wants to send now.
    pub(crate) fn pump(&mut self, now: Timestamp) {
        let Some(number) = self.connection else { return };
        while self.socket.capacity() > 1 {
            let bytes = self.link.transmit(number, now, TRANSMIT_BYTES);
            if bytes.is_empty() {
                break;
            }
            if self.socket.try_send(ToBorder::Send { number, bytes }).is_err() {
                break;
            }
        }
        if self.link.finished(number) && self.socket.try_send(ToBorder::Close { number }).is_ok() {
            self.connection = None;
        }
    }

    /// The link as screens need it.
    pub(crate) fn status(&self) -> LinkStatus {
        self.link.status()
    }
}

/// Why a session ended, in words.
pub(crate) fn words(ended: &Ended) -> String {
    match ended {
        Ended::Refused { by, refusal } => {
            format!("{by} ended it: {} ({})", refusal.words, refusal.code.name())
        }
        Ended::Broken(words) => words.clone(),
        Ended::Replaced => "a newer connection took its place".into(),
    }
}
