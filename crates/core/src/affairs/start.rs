//! A node begins, or its disk works again: the picture is told what it forgot, what a crash
//! interrupted is finished, seats and zones are introduced.

use renkei_model::cbor::from_canonical;
use renkei_model::statement::Record;
use renkei_model::time::Timestamp;

use super::effect::{AffairsEffect, StatedIdentity, StatedZone};
use super::machine::Affairs;

impl Affairs {
    /// The first input after `new` or `replay`, and again once a disk works that had refused.
    pub(super) fn start(&mut self, now: Timestamp) -> Vec<AffairsEffect> {
        let mut effects = self.resend();
        effects.extend(self.remind(now));
        let work = self.work(now, |work| {
            work.introduce();
            work.restop();
            work.settle();
        });
        effects.extend(work);
        effects.push(AffairsEffect::Changed);
        effects
    }

    /// What the picture must be told again after a start.
    fn remind(&self, now: Timestamp) -> Vec<AffairsEffect> {
        let zones = self.shown.zones.iter().map(|(id, zone)| {
            AffairsEffect::Zone(StatedZone { id: id.clone(), zone: zone.clone() })
        });
        let standing = self.shown.identities.iter().filter(|(_, i)| i.statement.expires > now);
        let identities = standing.map(|(id, held)| {
            AffairsEffect::Identity(StatedIdentity {
                record: id.clone(),
                nation: id.node,
                statement: held.statement.clone(),
                made_at: held.made_at,
                known_as: held.known_as.clone(),
                by: held.by.clone(),
            })
        });
        let open = self.shown.incidents.values().filter(|own| own.is_open());
        let locate = open.map(|own| AffairsEffect::Locate {
            incident: own.record.incident.clone(),
            subject: own.subject.clone(),
            known_as: own.known_as.clone(),
        });
        let merges = AffairsEffect::Merged(self.shown.merges.all());
        let destroy = self.shown.orders_of_destruction();
        zones
            .chain(identities)
            .chain(locate)
            .chain(self.orders(now))
            .chain([merges])
            .chain(destroy)
            .collect()
    }

    /// What a crash kept from getting its place in the border log.
    fn resend(&self) -> Vec<AffairsEffect> {
        let to = self.config.partner.nation;
        self.shown
            .unplaced(self.config.epoch)
            .filter_map(|signed| {
                let record: Record = from_canonical(&signed.bytes).ok()?;
                let class = super::work::class_of(&record.statement);
                let approvals = self.shown.reviews.approvals_of(to, &record);
                let (signed, record) = (signed.clone(), Box::new(record));
                Some(AffairsEffect::Send { to, class, signed, record, approvals })
            })
            .collect()
    }
}
