//! Answers that are not content: refusals with a stable code and both languages, and the
//! description of the interface.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::messages::Complaint;

/// Why a request was refused before it reached the engine.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody is signed in.
    SignIn,
    /// The table of rights says no.
    Forbidden,
    /// There is no such thing for this viewer.
    Absent,
    /// The body is not what the interface describes.
    Shape(String),
    /// The request came from another site.
    Origin,
    /// The engine is stopping or the disk refuses.
    Busy,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, en, ja) = match self {
            Self::SignIn => (
                StatusCode::UNAUTHORIZED,
                "RK-0401",
                "sign in first: ask the administrator for a sign-in link".to_owned(),
                "サインインが必要です。管理者にサインイン用リンクを求めてください。".to_owned(),
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                "RK-0403",
                "your role may not do this".to_owned(),
                "この操作は、あなたの役割には認められていません。".to_owned(),
            ),
            Self::Absent => (
                StatusCode::NOT_FOUND,
                "RK-0404",
                "there is no such object, or it was not released to you".to_owned(),
                "該当するものがないか、提供されていません。".to_owned(),
            ),
            Self::Shape(detail) => (
                StatusCode::BAD_REQUEST,
                "RK-0400",
                format!("the request is not understood: {detail}"),
                format!("要求を解釈できません：{detail}"),
            ),
            Self::Origin => (
                StatusCode::FORBIDDEN,
                "RK-0406",
                "the request came from another site; open the floor by its own address".to_owned(),
                "別のサイトからの要求です。この画面のアドレスから開いてください。".to_owned(),
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "RK-0503",
                "the node cannot answer now; try again, then look at its health page".to_owned(),
                "ただ今応答できません。再度試み、続く場合は健全性画面を確認してください。"
                    .to_owned(),
            ),
        };
        complain(status, &Complaint { code: code.into(), en, ja })
    }
}

/// A refusal in the contract's shape.
pub(crate) fn complain(status: StatusCode, complaint: &Complaint) -> Response {
    (status, axum::Json(complaint)).into_response()
}

/// `GET /api/openapi.json`: the interface described for other programs.
pub(crate) async fn openapi() -> Response {
    let text = include_str!("openapi.json");
    ([(axum::http::header::CONTENT_TYPE, "application/json")], text).into_response()
}
