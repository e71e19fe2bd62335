//! Records on their way to the partner: the policy is asked, the link gives a place, the affairs hear
//! which. A record that a person approved is asked about again: policy alone releases.

use renkei_core::affairs::{AffairsInput, Place};
use renkei_link::Class;
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::statement::{Bilingual, Record, SignedRecord};
use renkei_model::time::Timestamp;
use renkei_policy::{Approval, Withheld};

use super::{Engine, stopped};

impl Engine {
    /// Asks the policy, gives the record its place in the border's log, and tells the affairs.
    pub(super) fn send(
        &mut self,
        partner: Nation,
        (class, signed): (u8, SignedRecord),
        (record, approvals): (&Record, &[Approval]),
        now: Timestamp,
    ) {
        let Some(border) = self.borders.get_mut(&partner) else { return };
        let id = record.id.clone();
        self.stated.note(record, now);
        let Some(class) = Class::from_code(class) else { return };
        let stays = |policy, reason| Withheld { policy, reason, review: None };
        let withheld = match self.policy.release_reviewed(signed, record, partner, approvals, now) {
            Ok(released) => match self.words.check(&released.item().bytes, now) {
                Err(hit) => stays(Some(format!("word-filter/{}", hit.rule)), stopped(&hit)),
                Ok(()) => match border.link.offer_record(class, released) {
                    Ok(outbound) => {
                        let place =
                            Place { epoch: outbound.cursor.epoch, seq: outbound.cursor.seq };
                        let (class, bytes) = (class.code(), outbound.bytes);
                        let input = AffairsInput::Outbound { record: id, class, place, bytes };
                        self.affairs_input(partner, input, now);
                        return;
                    }
                    Err(error) => stays(
                        None,
                        Bilingual {
                            en: error.to_string(),
                            ja: "回線の記録として送れる大きさを超えている".into(),
                        },
                    ),
                },
            },
            Err(withheld) => withheld,
        };
        let Withheld { policy, reason, review } = withheld;
        let review = review.map(|review| (review, self.policy.version()));
        let withheld = AffairsInput::Withheld { record: id, policy, reason, review };
        self.affairs_input(partner, withheld, now);
    }

    /// Has the link send a recall in place of a record that has not gone yet.
    pub(super) fn replace(
        &mut self,
        partner: Nation,
        (class, place, stopped): (u8, Place, ObjectId),
        signed: SignedRecord,
        record: &Record,
        now: Timestamp,
    ) {
        let Some(border) = self.borders.get_mut(&partner) else { return };
        let Some(code) = Class::from_code(class) else { return };
        // A recall that waits for a review stops nothing yet: it is asked again when it goes.
        let Ok(released) = self.policy.release_record(signed, record, partner, now) else {
            return;
        };
        if let Ok(Some(bytes)) = border.link.replace_record(code, place.seq, released) {
            let recall = record.id.clone();
            let input = AffairsInput::Replaced { stopped, recall, class, place, bytes };
            self.affairs_input(partner, input, now);
        }
    }

    /// A thing was recalled by either side: its newest value leaves the link's map.
    pub(super) fn forget(&mut self, partner: Nation, alias: BorderAlias) {
        if let Some(border) = self.borders.get_mut(&partner) {
            border.forget(alias);
        }
    }
}
