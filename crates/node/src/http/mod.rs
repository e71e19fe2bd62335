//! The watch floor over HTTP: sign-in, the live connection, questions, commands, the bundle.
//!
//! Refuses: foreign origins, unknown hosts, undeclared rights, bodies over 64 KiB, and a page
//! without the watch floor that pretends to be one.

mod answers;
mod layers;
mod past;
mod policy;
pub(crate) mod rights;
mod server;
mod site;
pub(crate) mod ws;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Query as Parameters, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use renkei_model::id::{Nation, Partition};
use renkei_model::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use crate::access::{Access, User};
use crate::clock;
use crate::layers::Layers;
use crate::messages::{Query, ToEngine};
use crate::published::Published;
use answers::{Refusal, complain};
use rights::Route;
pub(crate) use server::{ServeError, bind, serve};
pub(crate) use site::{bundled_file, has_ui, security_headers, ui_page};

/// Largest body of a request.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// What every handler may use.
#[derive(Clone)]
pub(crate) struct Floor {
    /// The nation whose floor this is.
    pub(crate) nation: Nation,
    /// The headquarters' name.
    pub(crate) name: String,
    /// Its partition.
    pub(crate) partition: Partition,
    /// The partners to whom a border is configured.
    pub(crate) partners: Vec<Nation>,
    /// Zero of the kinematics' time column.
    pub(crate) base: Timestamp,
    /// The page that may frame this floor.
    pub(crate) stage_origin: Option<String>,
    /// Theatre data.
    pub(crate) layers: Layers,
    /// The words of labels, as [`crate::labels::view`] gives them.
    pub(crate) markings: Arc<str>,
    /// People and sessions.
    pub(crate) access: Arc<Mutex<Access>>,
    /// What the engine shows.
    pub(crate) published: Published,
    /// The way to the engine.
    pub(crate) engine: mpsc::Sender<ToEngine>,
    /// Whether cookies are marked `Secure`.
    pub(crate) tls: bool,
}

/// All routes of a floor.
pub(crate) fn router(floor: Floor) -> Router {
    Router::new()
        .route("/api/mode", get(mode))
        .route("/api/health", get(health))
        .route("/api/openapi.json", get(answers::openapi))
        .route("/api/session", get(session))
        .route("/api/signout", post(sign_out))
        .route("/signin", get(sign_in))
        .route("/api/affairs", get(affairs))
        .route("/api/exchange", get(exchange))
        .route("/api/explain", get(explain))
        .route("/api/review", get(review))
        .route("/api/track", get(track))
        .route("/api/history", get(history))
        .route("/api/playback", get(playback))
        .route("/api/layers", get(layers::list).post(layers::choose))
        .route("/api/layer", get(layers::layer))
        .route("/api/markings", get(markings))
        .route("/api/phrases", get(phrases))
        .route("/api/policy", get(policy::policy))
        .route("/api/policy/try", post(policy::try_out))
        .route("/api/policy/propose", post(policy::propose))
        .route("/api/feeds", get(feeds))
        .route("/api/command", post(command))
        .route("/ws", get(live))
        .fallback(get(site::page))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(floor.clone(), site::guard))
        .with_state(floor)
}

async fn mode() -> Response {
    axum::Json(json!({"mode": "floor", "ui": env!("CARGO_PKG_VERSION")})).into_response()
}

async fn health(
    State(floor): State<Floor>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
) -> Response {
    if !peer.ip().is_loopback() {
        return Refusal::SignIn.into_response();
    }
    json_text(floor.published.health.borrow().to_string())
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

impl Floor {
    fn cookie_name(&self) -> String {
        format!("renkei_{}", self.nation.code().to_lowercase())
    }

    fn cookie<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let name = self.cookie_name();
        let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        all.flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The signed-in person, if the table lets them use `route`.
    fn person(&self, headers: &HeaderMap, route: Route) -> Result<User, Refusal> {
        let cookie = self.cookie(headers).ok_or(Refusal::SignIn)?;
        let mut access = self.access.lock().map_err(|_| Refusal::Busy)?;
        let user = access.who(cookie, clock::wall()).ok_or(Refusal::SignIn)?;
        if rights::allowed(route, user.role, user.nation == self.nation) {
            Ok(user)
        } else {
            Err(Refusal::Forbidden)
        }
    }

    async fn ask(
        &self,
        headers: &HeaderMap,
        route: Route,
        query: Query,
    ) -> Result<Response, Refusal> {
        let by = self.person(headers, route)?;
        let (reply, answer) = oneshot::channel();
        self.engine.send(ToEngine::Query { by, query, reply }).await.map_err(|_| Refusal::Busy)?;
        match answer.await {
            Ok(Some(value)) => Ok(axum::Json(value).into_response()),
            Ok(None) => Err(Refusal::Absent),
            Err(_) => Err(Refusal::Busy),
        }
    }
}

async fn session(State(floor): State<Floor>, headers: HeaderMap) -> Result<Response, Refusal> {
    let user = floor.person(&headers, Route::Session)?;
    let body = json!({
        "nation": user.nation,
        "floor": floor.nation,
        "node_name": floor.name,
        "partition": floor.partition,
        "role": user.role,
        "seat": user.seat,
        "person": user.person,
        "language": user.language,
        "may": may(&floor, &user),
    });
    Ok(axum::Json(body).into_response())
}

/// The words by which the screen shows or hides its buttons; the engine decides again.
fn may(floor: &Floor, user: &User) -> Vec<&'static str> {
    use renkei_model::seat::Role;
    if user.nation != floor.nation {
        return Vec::new();
    }
    match user.role {
        Role::Commander => vec!["offer", "approve", "task", "release", "policy"],
        Role::WatchOfficer => vec!["offer", "task", "state_identity", "watch"],
        Role::J3 => vec!["offer", "task"],
        Role::J2 => vec!["state_identity", "watch"],
        Role::ReleaseOfficer => vec!["release", "policy"],
        _ => Vec::new(),
    }
}

#[derive(Deserialize)]
struct SignIn {
    token: String,
}

async fn sign_in(State(floor): State<Floor>, Parameters(query): Parameters<SignIn>) -> Response {
    let Ok(mut access) = floor.access.lock() else { return Refusal::Busy.into_response() };
    match access.sign_in(&query.token, clock::wall()) {
        Ok(Some((cookie, _))) => {
            let secure = if floor.tls { "; Secure" } else { "" };
            let cookie = format!(
                "{}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age=46800{secure}",
                floor.cookie_name()
            );
            let to = [(header::SET_COOKIE, cookie), (header::LOCATION, "/".into())];
            (StatusCode::SEE_OTHER, to).into_response()
        }
        Ok(None) => site::link_refused(&floor),
        Err(error) => {
            tracing::error!(%error, "sign-in failed");
            Refusal::Busy.into_response()
        }
    }
}

async fn sign_out(State(floor): State<Floor>, headers: HeaderMap) -> Result<Response, Refusal> {
    floor.person(&headers, Route::Session)?;
    if let (Some(cookie), Ok(mut access)) = (floor.cookie(&headers), floor.access.lock())
        && let Err(error) = access.sign_out(cookie)
    {
        tracing::error!(%error, "sign-out failed");
        return Err(Refusal::Busy);
    }
    Ok(axum::Json(json!({"ok": true})).into_response())
}

async fn affairs(State(floor): State<Floor>, headers: HeaderMap) -> Result<Response, Refusal> {
    let user = floor.person(&headers, Route::Live)?;
    let text = floor.published.affairs.borrow().view(user.nation, floor.nation);
    Ok(json_text(text.to_string()))
}

#[derive(Deserialize)]
struct OfPartner {
    partner: Option<Nation>,
}

async fn exchange(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(of): Parameters<OfPartner>,
) -> Result<Response, Refusal> {
    floor.ask(&headers, Route::Exchange, Query::Exchange(of.partner)).await
}

#[derive(Deserialize)]
struct OfTrack {
    track: u32,
}

#[derive(Deserialize)]
struct OfTrackAndPartner {
    track: u32,
    partner: Option<Nation>,
}

async fn explain(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(of): Parameters<OfTrackAndPartner>,
) -> Result<Response, Refusal> {
    floor.ask(&headers, Route::Explain, Query::Explain(of.track, of.partner)).await
}

#[derive(Deserialize)]
struct OfRecord {
    record: String,
}

async fn review(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(of): Parameters<OfRecord>,
) -> Result<Response, Refusal> {
    let record = of.record.parse().map_err(|e| Refusal::Shape(format!("`record`: {e}")))?;
    floor.ask(&headers, Route::Review, Query::Review(record)).await
}

async fn track(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(of): Parameters<OfTrack>,
) -> Result<Response, Refusal> {
    floor.ask(&headers, Route::Track, Query::Track(of.track)).await
}

async fn history(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(window): Parameters<past::Window>,
) -> Result<Response, Refusal> {
    let past = window.of_track(clock::now())?;
    floor.ask(&headers, Route::History, Query::History { track: window.track, past }).await
}

async fn playback(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(window): Parameters<past::Window>,
) -> Result<Response, Refusal> {
    let (area, past) = window.of_picture(clock::now())?;
    floor.ask(&headers, Route::Playback, Query::Playback { area, past }).await
}

async fn phrases(State(floor): State<Floor>, headers: HeaderMap) -> Result<Response, Refusal> {
    floor.ask(&headers, Route::Phrases, Query::Phrases).await
}

async fn markings(State(floor): State<Floor>, headers: HeaderMap) -> Result<Response, Refusal> {
    floor.person(&headers, Route::Markings)?;
    Ok(json_text(floor.markings.to_string()))
}

async fn feeds(State(floor): State<Floor>, headers: HeaderMap) -> Result<Response, Refusal> {
    let user = floor.person(&headers, Route::Feeds)?;
    let text = floor.published.status.borrow().view(user.nation, floor.nation);
    Ok(json_text(text.to_string()))
}

async fn command(
    State(floor): State<Floor>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Refusal> {
    let by = floor.person(&headers, Route::Command)?;
    let body: Value = serde_json::from_slice(&body).map_err(|e| Refusal::Shape(e.to_string()))?;
    let (reply, answer) = oneshot::channel();
    floor.engine.send(ToEngine::Command { by, body, reply }).await.map_err(|_| Refusal::Busy)?;
    match answer.await {
        Ok(Ok(id)) => Ok(axum::Json(json!({"ok": true, "id": id})).into_response()),
        Ok(Err(complaint)) => Ok(complain(StatusCode::CONFLICT, &complaint)),
        Err(_) => Err(Refusal::Busy),
    }
}

async fn live(
    State(floor): State<Floor>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let user = floor.person(&headers, Route::Live)?;
    // A liaison hears of no other partner.
    let is_shown = |p: &&Nation| user.nation == floor.nation || **p == user.nation;
    let shown: Vec<Nation> = floor.partners.iter().filter(is_shown).copied().collect();
    let hello = json!({
        "type": "hello",
        "server_time_ms": clock::now(),
        "nation": floor.nation,
        "partner": shown.first(),
        "partners": shown,
        "partition": floor.partition,
        "base_ms": floor.base,
    });
    let viewer = ws::Viewer { nation: user.nation, floor: floor.nation, hello: hello.to_string() };
    let published = floor.published.clone();
    Ok(upgrade
        .max_message_size(ws::CLIENT_MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| ws::serve(socket, published, viewer)))
}
