//! Commands and questions of people, on their way to the state machines and back.

use renkei_core::affairs::{About, AffairsInput, Command, Refusal, Session};
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

fn session(user: &User) -> Session {
    Session {
        nation: user.nation,
        role: user.role,
        seat: user.seat.clone().unwrap_or_else(|| SeatId(String::new())),
        person: user.person.clone(),
        language: user.language,
    }
}

impl Engine {
    pub(super) fn command(
        &mut self,
        by: &User,
        body: Value,
        reply: oneshot::Sender<Result<String, Complaint>>,
        now: Timestamp,
    ) {
        let command: Command = match serde_json::from_value(body) {
            Ok(command) => command,
            Err(error) => {
                let _ = reply.send(Err(Complaint {
                    code: "RK-0400".into(),
                    en: format!("the command is not understood: {error}"),
                    ja: format!("命令を解釈できません：{error}"),
                }));
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
        let (about, beside) = self.about(&command);
        let by = session(by);
        self.affairs_input(AffairsInput::Command { request, by, command, about, beside }, now);
    }

    /// The track that a command names, and those that it names beside it.
    fn about(&self, command: &Command) -> (Option<About>, Vec<About>) {
        let alone = |track: TrackNumber| self.picture.about_alone(track);
        match command {
            Command::OpenIncident { track, .. } => {
                (track.and_then(|track| self.picture.about_track(track)), Vec::new())
            }
            Command::StateIdentity { track, .. } | Command::WatchTrack { track, .. } => {
                (self.picture.about_track(*track), Vec::new())
            }
            Command::MergeTracks { track, with, .. } => {
                (alone(*track), alone(*with).into_iter().collect())
            }
            Command::SplitTrack { track, .. } => (alone(*track), self.picture.about_others(*track)),
            _ => (None, Vec::new()),
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
            Query::Exchange => serde_json::to_value(self.picture.exchange()).ok(),
            Query::Explain(track) => {
                let explanation = self.picture.explain(TrackNumber(track), now);
                explanation.and_then(|e| serde_json::to_value(e).ok())
            }
            Query::Track(track) => {
                let view = self.picture.view(TrackNumber(track), by.nation, now);
                view.map(|view| track_json(&view))
            }
            query @ (Query::History { .. } | Query::Playback { .. }) => {
                self.past(by, query, reply, now);
                return;
            }
        };
        let _ = reply.send(answer);
    }
}
