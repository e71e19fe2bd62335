//! Tracks that a person has watched (監視): who asked, why, and until when.
//!
//! A watch lies in the ledger from its beginning to its end, by hand or by its expiry, and outlives
//! a restart; the picture is told again. It never crosses, and a liaison is not shown it.
//!
//! Refuses: a watch without a reason, without an end, or on a thing that names itself by nothing.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use renkei_model::observation::Identity;
use renkei_model::statement::{Signatory, Subject};
use renkei_model::time::Timestamp;

use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::{AffairsEffect, TrackWatch};
use super::entry::Local;
use super::input::{About, Session};
use super::machine::Affairs;
use super::refusal::Refusal;
use super::standing::spoken;
use super::view::WatchView;
use super::work::Work;

/// How long one watch may last, seconds: whoever wants it for longer says why again.
const FOR_S: std::ops::RangeInclusive<u32> = 60..=2_592_000;
/// No more tracks than this are watched at a time, so that the list stays one that people read.
const WATCHES_MAX: usize = 200;

/// A watch that began.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Watched {
    /// Its number on this node, from 1, never used again.
    #[n(0)]
    pub watch: u64,
    /// Every name the thing had when it began; reports under any of them are looked at.
    #[n(1)]
    pub known_as: BTreeSet<Identity>,
    /// As our floor knew it.
    #[n(2)]
    pub subject: Subject,
    /// Why, in the person's words.
    #[n(3)]
    pub reason: String,
    /// Until when.
    #[n(4)]
    pub until: Timestamp,
    /// Who asked.
    #[n(5)]
    pub by: Signatory,
    /// When.
    #[n(6)]
    pub at: Timestamp,
}

/// A watch that ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Unwatched {
    /// Which.
    #[n(0)]
    pub watch: u64,
    /// Who ended it; `None` where its time was over.
    #[n(1)]
    pub by: Option<Signatory>,
    /// When.
    #[n(2)]
    pub at: Timestamp,
}

impl Work<'_> {
    /// Watches the named track. A watch on the same thing ends with it: the newer reason stands.
    pub(super) fn watch(
        &mut self,
        by: &Session,
        reason: &str,
        for_s: u32,
        about: Option<About>,
    ) -> Result<String, Refusal> {
        let about = about.ok_or_else(|| {
            Refusal::new("RK-1107", "the track is no longer held", "当該航跡は現在保持していない")
        })?;
        check(reason, for_s)?;
        if about.known_as.is_empty() {
            return Err(Refusal::new(
                "RK-1142",
                "the track names itself by nothing that it could be watched under",
                "当該航跡は識別情報を持たないため、監視対象に指定できない",
            ));
        }
        let same = |w: &&Watched| !w.known_as.is_disjoint(&about.known_as);
        let before: Vec<u64> = self.state.watches.values().filter(same).map(|w| w.watch).collect();
        if before.is_empty() && self.state.watches.len() >= WATCHES_MAX {
            return Err(Refusal::new(
                "RK-1143",
                format!("{WATCHES_MAX} tracks are watched; end a watch first"),
                format!("監視対象は{WATCHES_MAX}件に達している。先に既存の監視を終了されたい"),
            ));
        }
        for watch in before {
            self.unwatch(watch, Some(by));
        }
        let until = self.now.plus_ms(i64::from(for_s) * 1_000);
        let watched = Watched {
            watch: self.state.last_watch + 1,
            known_as: about.known_as,
            subject: about.subject,
            reason: reason.trim().into(),
            until,
            by: signatory(by),
            at: self.now,
        };
        let (number, order) = (watched.watch, order(&watched));
        self.note_down(Local::Watched(Box::new(watched)));
        self.then.push(AffairsEffect::Watch(order));
        Ok(number.to_string())
    }

    /// Ends a watch before its time.
    pub(super) fn end_watch(&mut self, by: &Session, watch: u64) -> Result<String, Refusal> {
        if !self.state.watches.contains_key(&watch) {
            return Err(Refusal::new(
                "RK-1144",
                "this watch has ended already",
                "当該監視は既に終了している",
            ));
        }
        self.unwatch(watch, Some(by));
        Ok(watch.to_string())
    }

    /// Ends the watches whose time is over.
    pub(super) fn expire_watches(&mut self) {
        let over = |w: &&Watched| w.until <= self.now;
        let over: Vec<u64> = self.state.watches.values().filter(over).map(|w| w.watch).collect();
        for watch in over {
            self.unwatch(watch, None);
        }
    }

    fn unwatch(&mut self, watch: u64, by: Option<&Session>) {
        let Some(watched) = self.state.watches.get(&watch) else { return };
        let known_as = watched.known_as.clone();
        let (by, at) = (by.map(signatory), self.now);
        self.note_down(Local::Unwatched(Unwatched { watch, by, at }));
        self.then.push(AffairsEffect::Unwatch { known_as });
    }
}

impl Affairs {
    /// The standing watches, as the picture must be told of them after a start.
    pub(super) fn orders(&self, now: Timestamp) -> impl Iterator<Item = AffairsEffect> + '_ {
        let stands = self.shown.watches.values().filter(move |w| w.until > now);
        stands.map(|w| AffairsEffect::Watch(order(w)))
    }

    /// The standing watches, the one that ends first first.
    pub(super) fn watches(&self, now: Timestamp) -> Vec<WatchView> {
        let stands = self.shown.watches.values().filter(|w| w.until > now);
        let mut views: Vec<_> = stands.map(view).collect();
        views.sort_by_key(|view| (view.until_ms, view.watch));
        views
    }
}

fn order(watched: &Watched) -> TrackWatch {
    TrackWatch { known_as: watched.known_as.clone(), until: watched.until }
}

fn view(watched: &Watched) -> WatchView {
    WatchView {
        watch: watched.watch,
        name: spoken(&watched.subject),
        domain: watched.subject.domain,
        known_as: watched.known_as.iter().map(crate::picture::identity_text).collect(),
        reason: watched.reason.clone(),
        by: watched.by.person.clone(),
        seat: watched.by.seat.0.clone(),
        since_ms: watched.at.0,
        until_ms: watched.until.0,
    }
}

fn check(reason: &str, for_s: u32) -> Result<(), Refusal> {
    if reason.trim().is_empty() || reason.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::new(
            "RK-1140",
            format!("say why the track is watched, in at most {TEXT_CHARS_MAX} characters"),
            format!("監視の理由を{TEXT_CHARS_MAX}字以内で記されたい"),
        ));
    }
    if !FOR_S.contains(&for_s) {
        return Err(Refusal::new(
            "RK-1141",
            "a track is watched for 60 seconds to 30 days",
            "監視の期間は60秒以上30日以内とされたい",
        ));
    }
    Ok(())
}
