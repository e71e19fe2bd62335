//! From events to observations.
//!
//! Refuses: events of another partition, and turning messages (chat, pings, tasks, drawings) into
//! things on the picture: only types that begin with `a-` name a thing.

use renkei_model::id::Partition;
use renkei_model::observation::{Attributes, Domain, Emergency, Identity, Motion, Observation};
use renkei_model::time::Timestamp;

use super::event::Event;
use super::marking::{belongs, narrow};
use super::words::LabelWords;
use crate::{FeedContext, Reject, content_hash};

/// Standard deviation of one axis from a radius that holds 90 % (Rayleigh): TAK clients fill `ce`
/// with that radius.
const RADIUS_90_PER_SD: f64 = 2.146;

impl Event {
    /// The event as a report received by this node at `received_at`, its label in the words of `net`; `None` for events that name no
    /// thing.
    ///
    /// # Errors
    /// A [`Reject`] with the reason `partition` when the event belongs to another world.
    pub fn to_observation(
        &self,
        context: &FeedContext,
        net: &LabelWords,
        partition: &Partition,
        received_at: Timestamp,
    ) -> Result<Option<Observation>, Reject> {
        let (head, point, detail) = (self.head(), self.point(), self.detail());
        belongs(head.opex.as_deref(), partition)
            .map_err(|why| Reject::new("partition", why, self.as_xml().as_bytes()))?;
        if !head.kind.starts_with("a-") {
            return Ok(None);
        }
        let accuracy_m = point.ce_m.filter(|ce| *ce > 0.0).map(|ce| ce / RADIUS_90_PER_SD);
        Ok(Some(Observation {
            source: context.observation_source(),
            identity: Identity::Cot(head.uid.clone()),
            domain: domain(&head.kind),
            event_time: head.time,
            received_at,
            position: point.position,
            accuracy_m: point.position.and(accuracy_m),
            motion: Motion {
                speed_mps: detail.speed_mps,
                course_deg: detail.course_deg,
                altitude_m: point.hae_m,
                ..Motion::default()
            },
            attributes: Attributes {
                callsign: detail.callsign.clone(),
                team: detail.team.clone(),
                cot_type: Some(head.kind.clone()),
                emergency: detail.emergency.as_ref().map(|_| Emergency::CotEmergency),
                ..Attributes::default()
            },
            content: content_hash(&[self.as_xml().as_bytes()]),
            label: narrow(&context.label, head, net),
        }))
    }
}

/// Where a thing of this type moves. Installations (`a-x-G-I`) stand.
fn domain(kind: &str) -> Domain {
    let mut parts = kind.split('-').skip(2);
    match (parts.next(), parts.next()) {
        (Some("S"), _) => Domain::Surface,
        (Some("A"), _) => Domain::Air,
        (Some("G"), Some("I")) => Domain::Installation,
        (Some("G" | "F"), _) => Domain::Land,
        _ => Domain::Other,
    }
}
