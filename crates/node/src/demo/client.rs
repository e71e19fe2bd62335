//! A person of the demo at a floor's own interface: signs in with a one-time link and uses the same
//! routes as the browser. Loopback only.

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Largest answer that is read.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Why a request of the demo failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The node does not answer.
    #[error(
        "ask {address}: {detail}; the node may be starting, its log is in the demo's directory"
    )]
    Unreachable {
        /// Which node.
        address: SocketAddr,
        /// What happened.
        detail: String,
    },
    /// The node refused.
    #[error("ask {address} {path}: {status} {body}")]
    Refused {
        /// Which node.
        address: SocketAddr,
        /// What was asked.
        path: String,
        /// The status.
        status: StatusCode,
        /// The body.
        body: String,
    },
}

/// A signed-in person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    address: SocketAddr,
    cookie: String,
}

impl Person {
    /// Uses a one-time token at the floor on `address`.
    ///
    /// # Errors
    /// [`CallError`] when the floor does not answer or refuses the token.
    pub(crate) async fn sign_in(address: SocketAddr, token: &str) -> Result<Self, CallError> {
        let path = format!("/signin?token={token}");
        let (status, headers, body) = exchange(address, "GET", &path, None, None).await?;
        let cookie = headers.get(header::SET_COOKIE).and_then(|c| c.to_str().ok());
        let cookie = cookie.and_then(|c| c.split(';').next()).map(str::to_owned);
        let Some(cookie) = cookie else {
            return Err(CallError::Refused { address, path: "/signin".into(), status, body });
        };
        Ok(Self { address, cookie })
    }

    /// `GET path` as JSON.
    ///
    /// # Errors
    /// [`CallError`] when the floor does not answer or refuses.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, CallError> {
        self.call("GET", path, None).await
    }

    /// `POST /api/command`; the new object's id.
    ///
    /// # Errors
    /// [`CallError`] when the floor does not answer or refuses.
    pub(crate) async fn command(&self, body: &Value) -> Result<String, CallError> {
        let answer = self.call("POST", "/api/command", Some(body)).await?;
        Ok(answer["id"].as_str().unwrap_or_default().to_owned())
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let (status, _, text) =
            exchange(self.address, method, path, Some(&self.cookie), body).await?;
        if !status.is_success() {
            let path = path.to_owned();
            return Err(CallError::Refused { address: self.address, path, status, body: text });
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

/// `GET /api/health` of the node on `address`.
///
/// # Errors
/// [`CallError`] when it does not answer.
pub(crate) async fn health(address: SocketAddr) -> Result<Value, CallError> {
    let (_, _, body) = exchange(address, "GET", "/api/health", None, None).await?;
    Ok(serde_json::from_str(&body).unwrap_or(Value::Null))
}

async fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    cookie: Option<&str>,
    body: Option<&Value>,
) -> Result<(StatusCode, HeaderMap, String), CallError> {
    let fail =
        |e: &dyn std::fmt::Display| CallError::Unreachable { address, detail: e.to_string() };
    let stream = TcpStream::connect(address).await.map_err(|e| fail(&e))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| fail(&e))?;
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, address.to_string())
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
    let request = request.body(body).map_err(|e| fail(&e))?;
    let response = sender.send_request(request).await.map_err(|e| fail(&e))?;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(Body::new(body), ANSWER_BYTES_MAX).await.map_err(|e| fail(&e))?;
    Ok((parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned()))
}
