//! Commands and questions of people, on their way to the state machines and back.

use renkei_core::affairs::{About, Asked, Command, Refusal, Session};
use renkei_core::picture::Picture;
use renkei_model::id::Nation;
use renkei_model::seat::SeatId;
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use serde_json::Value;
use tokio::sync::oneshot;

use super::Engine;
use super::rows::track_json;
use crate::access::User;
use crate::messages::{Complaint, Query};

/// Commands whose answer is still awaited; a client that floods is told to wait.
const COMMANDS_MAX: usize = 256;

pub(super) fn session(user: &User) -> Session {
    Session {
        nation: user.nation,
        role: user.role,
        seat: user.seat.clone().unwrap_or_else(|| SeatId(String::new())),
        person: user.person.clone(),
        language: user.language,
    }
}

fn not_understood(error: &serde_json::Error) -> Complaint {
    Complaint {
        code: "RK-0400".into(),
        en: format!("the command is not understood: {error}"),
        ja: format!("命令を解釈できません：{error}"),
    }
}

/// The track that a command names, and those that it names beside it, as `partner` may know them.
fn about(picture: &Picture, command: &Command, partner: Nation) -> (Option<About>, Vec<About>) {
    let alone = |track: TrackNumber| picture.about_alone(track);
    match command {
        Command::OpenIncident { track, .. } => {
            (track.and_then(|track| picture.about_track(track, partner)), Vec::new())
        }
        Command::StateIdentity { track, .. } | Command::WatchTrack { track, .. } => {
            (picture.about_track(*track, partner), Vec::new())
        }
        Command::MergeTracks { track, with, .. } => {
            (alone(*track), alone(*with).into_iter().collect())
        }
        Command::SplitTrack { track, .. } => (alone(*track), picture.about_others(*track)),
        _ => (None, Vec::new()),
    }
}

impl Engine {
    pub(super) fn command(
        &mut self,
        by: &User,
        mut body: Value,
        reply: oneshot::Sender<Result<String, Complaint>>,
        now: Timestamp,
    ) {
        let partner = body.as_object_mut().and_then(|body| body.remove("partner"));
        let partner: Option<Nation> = match partner.map(serde_json::from_value).transpose() {
            Ok(partner) => partner.flatten(),
            Err(error) => {
                let _ = reply.send(Err(not_understood(&error)));
                return;
            }
        };
        let command: Command = match serde_json::from_value(body) {
            Ok(command) => command,
            Err(error) => {
                let _ = reply.send(Err(not_understood(&error)));
                return;
            }
        };
        if self.replies.len() >= COMMANDS_MAX {
            let _ = reply.send(Err(Complaint {
                code: "RK-0429".into(),
                en: "too many commands wait for the disk; try again".into(),
                ja: "記録待ちの命令が多すぎます。しばらくして再度試みてください。".into(),
            }));
            return;
        }
        let request = self.next_request;
        self.next_request += 1;
        self.replies.insert(request, reply);
        let asked = Asked { request, by: session(by), command: command.clone(), partner };
        let picture = &self.picture;
        let effects = self.affairs.command(asked, |to| about(picture, &command, to), now);
        for (partner, effects) in effects {
            self.follow(partner, effects, now);
        }
    }

    pub(super) fn reply(&mut self, request: u64, result: Result<String, Refusal>) {
        let Some(reply) = self.replies.remove(&request) else { return };
        let result = result.map_err(|refusal| Complaint {
            code: refusal.code.into(),
            en: refusal.text.en,
            ja: refusal.text.ja,
        });
        // The browser may have gone; what was done stays done.
        let _ = reply.send(result);
    }

    pub(super) fn query(
        &mut self,
        by: &User,
        query: Query,
        reply: oneshot::Sender<Option<Value>>,
        now: Timestamp,
    ) {
        let answer = match query {
            Query::Phrases => serde_json::to_value(self.affairs.phrases()).ok(),
            Query::Review(record) => {
                let detail = self.affairs.review_detail(&record, now);
                detail.and_then(|detail| serde_json::to_value(detail).ok())
            }
            Query::Exchange(partner) => {
                let exchange = self.picture.exchange(partner.unwrap_or(self.affairs.first()));
                exchange.and_then(|e| serde_json::to_value(e).ok())
            }
            Query::Explain(track, partner) => {
                let partner = partner.unwrap_or(self.affairs.first());
                let explanation = self.picture.explain(TrackNumber(track), partner, now);
                explanation.and_then(|e| serde_json::to_value(e).ok())
            }
            Query::Track(track) => {
                let view = self.picture.view(TrackNumber(track), by.nation, now);
                view.map(|view| track_json(&view))
            }
            Query::Policy => Some(self.policy_view()),
            Query::TryPolicy(texts) => self.try_policy(&texts, now),
            query @ (Query::History { .. } | Query::Playback { .. }) => {
                self.past(by, query, reply, now);
                return;
            }
        };
        let _ = reply.send(answer);
    }
}
