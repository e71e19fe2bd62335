//! An occurrence as a screen says it: the key of its sentence, and what stands in it.
//!
//! Numbers are written in the units the watch speaks: knots, nautical miles, minutes. Refuses:
//! sentences; those lie with the screens, in both languages.

use std::collections::BTreeMap;

use renkei_model::observation::Emergency;
use renkei_model::statement::{Bilingual, Change, IdentityField, Occurrence};

use super::words::both;

const NAUTICAL_MILE_M: f64 = 1_852.0;

/// The Fluent message.
pub(super) fn key(occurrence: &Occurrence) -> &'static str {
    match occurrence {
        Occurrence::ZoneEntered { .. } => "attention-zone-entered",
        Occurrence::Emergency { .. } => "attention-emergency",
        Occurrence::DuplicateIdentity => "attention-duplicate-identity",
        Occurrence::Reported { .. } => "attention-reported",
        Occurrence::ZoneLeft { .. } => "attention-zone-left",
        Occurrence::ZoneDwelt { .. } => "attention-zone-dwelt",
        Occurrence::CloseApproach { .. } => "attention-close-approach",
        Occurrence::Rendezvous { .. } => "attention-rendezvous",
        Occurrence::Loitering { .. } => "attention-loitering",
        Occurrence::Unheard { .. } => "attention-unheard",
        Occurrence::SourceSilent { .. } => "attention-source-silent",
        Occurrence::ImpossibleJump { .. } => "attention-impossible-jump",
        Occurrence::IdentityChanged { .. } => "attention-identity-changed",
        Occurrence::PoorNavigation { .. } => "attention-poor-navigation",
        Occurrence::MovementChanged { change: Change::Course { .. } } => "attention-turned",
        Occurrence::MovementChanged { change: Change::Speed { .. } } => "attention-speed-changed",
        Occurrence::MovementChanged { change: Change::Destination { .. } } => {
            "attention-destination-changed"
        }
        Occurrence::SafetyText { .. } => "attention-safety-text",
    }
}

/// What stands in it, beside `name`.
pub(super) fn args(occurrence: &Occurrence) -> BTreeMap<&'static str, Bilingual> {
    let identity = |id| {
        let text = crate::picture::identity_text(id);
        both(text.clone(), text)
    };
    match occurrence {
        Occurrence::ZoneEntered { zone_name, .. } => [("zone", zone_name.clone())].into(),
        Occurrence::ZoneLeft { zone_name, inside_ms, .. }
        | Occurrence::ZoneDwelt { zone_name, inside_ms, .. } => {
            [("zone", zone_name.clone()), ("minutes", minutes(*inside_ms))].into()
        }
        Occurrence::CloseApproach { other, distance_m, in_ms } => [
            ("other", identity(other)),
            ("distance_nm", miles(*distance_m)),
            ("minutes", minutes(*in_ms)),
        ]
        .into(),
        Occurrence::Rendezvous { other, distance_m, for_ms, .. } => [
            ("other", identity(other)),
            ("distance_m", number(distance_m)),
            ("minutes", minutes(*for_ms)),
        ]
        .into(),
        Occurrence::Loitering { for_ms, speed_ckn } => {
            [("minutes", minutes(*for_ms)), ("speed_kn", knots(*speed_ckn))].into()
        }
        Occurrence::Unheard { for_ms, neighbours } => {
            [("minutes", minutes(*for_ms)), ("count", number(neighbours))].into()
        }
        Occurrence::SourceSilent { feed, for_ms } => {
            [("feed", both(feed.clone(), feed.clone())), ("minutes", minutes(*for_ms))].into()
        }
        Occurrence::ImpossibleJump { distance_m, in_ms } => {
            [("distance_nm", miles(*distance_m)), ("minutes", minutes(*in_ms))].into()
        }
        Occurrence::IdentityChanged { field, before, after } => [
            ("field", field_name(*field)),
            ("before", both(before.clone(), before.clone())),
            ("after", both(after.clone(), after.clone())),
        ]
        .into(),
        Occurrence::PoorNavigation { poor, all, .. } => {
            [("count", number(poor)), ("all", number(all))].into()
        }
        Occurrence::MovementChanged { change } => changed(change),
        Occurrence::SafetyText { text } => [("text", both(text.clone(), text.clone()))].into(),
        Occurrence::Emergency { emergency } => [("state", state(*emergency))].into(),
        Occurrence::DuplicateIdentity | Occurrence::Reported { .. } => BTreeMap::new(),
    }
}

fn changed(change: &Change) -> BTreeMap<&'static str, Bilingual> {
    let (before, after) = match change {
        Change::Course { before_deg, after_deg } => {
            let course = |deg: &u16| both(format!("{deg:03}°"), format!("{deg:03}°"));
            (course(before_deg), course(after_deg))
        }
        Change::Speed { before_ckn, after_ckn } => (knots(*before_ckn), knots(*after_ckn)),
        Change::Destination { before, after } => {
            (both(before.clone(), before.clone()), both(after.clone(), after.clone()))
        }
    };
    [("before", before), ("after", after)].into()
}

/// An emergency as its sender reported it.
fn state(emergency: Emergency) -> Bilingual {
    match emergency {
        Emergency::Distress => both("distress", "遭難"),
        Emergency::UnlawfulInterference => both("unlawful interference (7500)", "不法干渉（7500）"),
        Emergency::RadioFailure => both("radio failure (7600)", "通信機故障（7600）"),
        Emergency::GeneralEmergency => both("emergency (7700)", "緊急（7700）"),
        Emergency::CotEmergency => both("emergency of a team", "チームの緊急状態"),
    }
}

fn field_name(field: IdentityField) -> Bilingual {
    match field {
        IdentityField::Name => both("name", "船名"),
        IdentityField::Callsign => both("call sign", "呼出符号"),
        IdentityField::Imo => both("IMO number", "IMO番号"),
    }
}

fn number(of: impl ToString) -> Bilingual {
    both(of.to_string(), of.to_string())
}

fn minutes(ms: u64) -> Bilingual {
    number(ms / 60_000)
}

fn knots(ckn: u32) -> Bilingual {
    number(format!("{:.1}", f64::from(ckn) / 100.0))
}

fn miles(metres: u32) -> Bilingual {
    number(format!("{:.1}", f64::from(metres) / NAUTICAL_MILE_M))
}
