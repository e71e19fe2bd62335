//! The release policy over HTTP: what is in force, what other texts would change, and a proposal.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use renkei_core::affairs::PolicyTexts;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::oneshot;

use super::Floor;
use super::answers::{Refusal, complain};
use super::rights::Route;
use crate::cli;
use crate::messages::{Query, ToEngine};

/// Texts to be tried.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Try {
    texts: PolicyTexts,
}

/// Texts to be put before a second person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proposal {
    texts: PolicyTexts,
    reason: String,
}

/// `GET /api/policy`
pub(super) async fn policy(
    State(floor): State<Floor>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    floor.ask(&headers, Route::Policy, Query::Policy).await
}

/// What is wrong with `texts`, one line a problem; away from the sockets' threads, for the checks
/// over all labels take a second.
async fn problems(mut texts: PolicyTexts) -> Result<(PolicyTexts, Vec<String>), Refusal> {
    texts.sort();
    let checked = tokio::task::spawn_blocking(move || {
        let found = renkei_policy::check::check(&cli::borrowed(&texts));
        (texts, found.iter().map(ToString::to_string).collect())
    });
    checked.await.map_err(|_| Refusal::Busy)
}

fn not_usable(problems: &[String]) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({"code": "RK-1436", "problems": problems})))
        .into_response()
}

/// `POST /api/policy/try`: the problems of other texts, or what they would change.
pub(super) async fn try_out(
    State(floor): State<Floor>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Refusal> {
    floor.person(&headers, Route::PolicyChange)?;
    let Try { texts } = serde_json::from_slice(&body).map_err(|e| Refusal::Shape(e.to_string()))?;
    let (texts, problems) = problems(texts).await?;
    if !problems.is_empty() {
        return Ok(not_usable(&problems));
    }
    floor.ask(&headers, Route::PolicyChange, Query::TryPolicy(texts)).await
}

/// `POST /api/policy/propose`: puts other texts before a second person.
pub(super) async fn propose(
    State(floor): State<Floor>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Refusal> {
    let by = floor.person(&headers, Route::PolicyChange)?;
    let Proposal { texts, reason } =
        serde_json::from_slice(&body).map_err(|e| Refusal::Shape(e.to_string()))?;
    let (texts, problems) = problems(texts).await?;
    if !problems.is_empty() {
        return Ok(not_usable(&problems));
    }
    let (reply, answer) = oneshot::channel();
    let input = ToEngine::ProposePolicy { by, texts, reason, reply };
    floor.engine.send(input).await.map_err(|_| Refusal::Busy)?;
    match answer.await {
        Ok(Ok(id)) => Ok(axum::Json(json!({"ok": true, "id": id})).into_response()),
        Ok(Err(complaint)) => Ok(complain(StatusCode::CONFLICT, &complaint)),
        Err(_) => Err(Refusal::Busy),
    }
}
