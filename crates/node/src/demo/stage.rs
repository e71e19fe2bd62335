//! The stage: one page with both floors side by side and the story's strip.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use renkei_model::id::Nation;
use serde_json::json;

use super::nodes::{self, Ports};
use super::story::{Press, Show};
use crate::http::{security_headers, ui_page};

/// What the stage's handlers share.
#[derive(Clone)]
pub(crate) struct Stage {
    /// The demo's directory.
    pub(crate) dir: PathBuf,
    /// The demo's ports.
    pub(crate) ports: Ports,
    /// The story.
    pub(crate) show: Arc<Show>,
}

/// The stage's routes.
pub(crate) fn router(stage: Stage) -> Router {
    Router::new()
        .route("/api/mode", get(mode))
        .route("/api/stage", get(state))
        .route("/api/stage/floors", post(floors))
        .route("/api/stage/next", post(|s| press(s, Press::Next)))
        .route("/api/stage/pause", post(|s| press(s, Press::Pause)))
        .route("/api/stage/play", post(|s| press(s, Press::Play)))
        .route("/api/stage/human", post(|s| press(s, Press::Human)))
        .route("/api/stage/cut", post(|s| press(s, Press::Cut)))
        .route("/api/stage/heal", post(|s| press(s, Press::Heal)))
        .fallback(get(page))
        .layer(from_fn(headers))
        .with_state(stage)
}

async fn headers(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    security_headers(&mut response, "'none'");
    response
}

async fn page(uri: Uri) -> Response {
    ui_page(&uri)
}

async fn mode() -> Response {
    Json(json!({"mode": "stage", "ui": env!("CARGO_PKG_VERSION")})).into_response()
}

async fn state(State(stage): State<Stage>) -> Response {
    let mut state = stage.show.state();
    state["floors"] = json!({
        "JPN": nodes::floor_url(stage.ports, Nation::JPN),
        "USA": nodes::floor_url(stage.ports, Nation::USA),
    });
    Json(state).into_response()
}

async fn press(State(stage): State<Stage>, press: Press) -> Response {
    stage.show.press(press);
    state(State(stage)).await
}

/// Fresh one-time sign-in addresses: the Japanese watch officer and the US commander.
async fn floors(State(stage): State<Stage>) -> Response {
    let url = |nation: Nation, seat: &str| {
        let token = nodes::token(&stage.dir, nation, seat).ok()?;
        Some(format!("{}/signin?token={token}", nodes::floor_url(stage.ports, nation)))
    };
    Json(json!({"JPN": url(Nation::JPN, "watch"), "USA": url(Nation::USA, "commander")}))
        .into_response()
}
