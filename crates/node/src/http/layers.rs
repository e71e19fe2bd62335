//! Theatre data over HTTP: which layers there are, which of them this person sees, and one of them.

use std::collections::BTreeSet;

use axum::extract::{Query as Parameters, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answers::Refusal;
use super::rights::Route;
use super::{Floor, json_text};
use crate::layers::{About, LayersError};

/// A layer and whether this person sees it.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    about: About,
    shown: bool,
}

/// What a person chose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    /// Names; null = what the headquarters chose.
    shown: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

/// Reads or writes the layers away from the sockets' threads.
async fn apart<T: Send + 'static>(
    floor: Floor,
    work: impl FnOnce(&Floor) -> Result<T, LayersError> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(move || work(&floor)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(LayersError::Absent(_) | LayersError::Name(_))) => Err(Refusal::Absent),
        Ok(Err(error)) => {
            tracing::error!(%error, "layers");
            Err(Refusal::Busy)
        }
        Err(_) => Err(Refusal::Busy),
    }
}

fn listed(floor: &Floor, person: &str) -> Result<serde_json::Value, LayersError> {
    let choice = floor.layers.choice(person)?;
    let layer = |about: About| Listed { shown: choice.shown.contains(&about.name), about };
    let layers: Vec<Listed> = floor.layers.list()?.into_iter().map(layer).collect();
    Ok(json!({"layers": layers, "own": choice.own}))
}

/// Which layers there are, and which this person sees.
pub(super) async fn list(
    State(floor): State<Floor>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let user = floor.person(&headers, Route::Layers)?;
    let list = apart(floor, move |floor| listed(floor, &user.person)).await?;
    Ok(axum::Json(list).into_response())
}

/// Keeps what this person chose, and answers as [`list`] does.
pub(super) async fn choose(
    State(floor): State<Floor>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Refusal> {
    let user = floor.person(&headers, Route::Layers)?;
    let Chosen { shown } =
        serde_json::from_slice(&body).map_err(|e| Refusal::Shape(e.to_string()))?;
    let list = apart(floor, move |floor| {
        floor.layers.choose(&user.person, shown)?;
        listed(floor, &user.person)
    })
    .await?;
    Ok(axum::Json(list).into_response())
}

/// One layer as GeoJSON.
pub(super) async fn layer(
    State(floor): State<Floor>,
    headers: HeaderMap,
    Parameters(Named { name }): Parameters<Named>,
) -> Result<Response, Refusal> {
    floor.person(&headers, Route::Layers)?;
    Ok(json_text(apart(floor, move |floor| floor.layers.read(&name)).await?))
}
