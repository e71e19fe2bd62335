//! The bundle of the watch floor, its security headers, and the pages that stand in for it.

use std::borrow::Cow;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use super::Floor;
use super::answers::Refusal;

/// `web/dist`, as `cargo xtask ui` built it. A build without it still runs and says so.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Bundle;

/// Whether the watch floor is in this binary.
pub(crate) fn has_ui() -> bool {
    Bundle::get("index.html").is_some()
}

/// A file of the bundle, by its path in it.
pub(crate) fn bundled_file(path: &str) -> Option<Cow<'static, [u8]>> {
    Bundle::get(path).map(|file| file.data)
}

/// A file of the bundle; every other path is the one page.
pub(crate) fn ui_page(uri: &Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let (name, file) = match Bundle::get(path) {
        Some(file) if !path.is_empty() => (path, Some(file)),
        _ if path.starts_with("api/") => return Refusal::Absent.into_response(),
        _ => ("index.html", Bundle::get("index.html")),
    };
    let Some(file) = file else { return no_ui() };
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers =
        [(header::CONTENT_TYPE, file.metadata.mimetype()), (header::CACHE_CONTROL, cache)];
    (headers, file.data.into_owned()).into_response()
}

fn no_ui() -> Response {
    let page = "<!doctype html><meta charset=utf-8><title>Renkei</title>\
        <h1>This binary holds no watch floor</h1>\
        <p>Build it with <code>cargo xtask ui</code>, then build <code>renkei</code> again.</p>\
        <h1 lang=ja>この実行ファイルには画面が組み込まれていません</h1>\
        <p lang=ja><code>cargo xtask ui</code> を実行し、<code>renkei</code> を再度ビルドしてください。</p>";
    (StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response()
}

/// Serves the bundle on a floor.
pub(crate) async fn page(State(_): State<Floor>, uri: Uri) -> Response {
    ui_page(&uri)
}

/// What a used, late or mistyped sign-in link shows.
pub(crate) fn link_refused(floor: &Floor) -> Response {
    let node = floor.nation.code();
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>Renkei {node}</title>\
        <h1>This sign-in link was used, is too old, or was not copied whole</h1>\
        <p>Ask the administrator of {node} for a new one (<code>renkei user link DIR --person NAME</code>).</p>\
        <h1 lang=ja>このサインイン用リンクは使用済み、期限切れ、又は不完全です</h1>\
        <p lang=ja>{node} の管理者に新しいリンクを求めてください。</p>"
    );
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

/// Adds the headers that keep the page to itself.
pub(crate) fn security_headers(response: &mut Response, frame_ancestors: &str) {
    let policy = format!(
        "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' \
         'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-src 'self' http://*.renkei.localhost:*; \
         frame-ancestors {frame_ancestors}"
    );
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The host of this request without its port.
fn host(request: &Request) -> Option<&str> {
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    if host.starts_with('[') {
        return host.split_inclusive(']').next();
    }
    host.split(':').next()
}

/// Names by which a loopback floor may be called: a page elsewhere cannot point its own name at it.
fn is_local_name(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "renkei.localhost")
        || host.ends_with(".renkei.localhost")
}

/// Whether a changing or live request comes from this very page.
fn same_origin(request: &Request) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let origin = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|(_, rest)| rest);
    origin.is_some() && origin == host
}

/// Refuses foreign hosts and origins, and adds the security headers.
pub(crate) async fn guard(State(floor): State<Floor>, request: Request, next: Next) -> Response {
    let known_host = floor.tls || host(&request).is_some_and(is_local_name);
    let needs_origin = request.method() != Method::GET || request.uri().path() == "/ws";
    let mut response = if !known_host || (needs_origin && !same_origin(&request)) {
        Refusal::Origin.into_response()
    } else {
        next.run(request).await
    };
    let ancestors = floor.stage_origin.as_deref().unwrap_or("'none'");
    security_headers(&mut response, ancestors);
    response
}
