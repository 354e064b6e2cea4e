//! A request before it is sent: collected by typed and untyped calls alike, then checked as a whole.

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use crate::{
    account::{handle::Cashfree, scheme::AuthScheme, secret::Secret},
    answer::api_error::ApiError,
    call::{
        info::{CallInfo, OperationInfo},
        multipart::{Form, Upload},
        prepared::Prepared,
        retry::RetryPolicy,
    },
    headers::{API_VERSION, IDEMPOTENCY_KEY, REQUEST_ID},
    redact::Hidden,
    types::{Invalid, Payload, Violation},
};

/// Everything but the unreserved characters of a URL.
const PATH_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A longer key is a mistake; Cashfree asks for a UUID.
const LONGEST_HEADER_VALUE: usize = 255;

/// So many headers fit without being moved.
const USUAL_HEADERS: usize = 12;

/// What an API does otherwise that is not the one of today.
pub(crate) struct Dialect {
    /// Checks everything and makes the request.
    pub(crate) prepare: fn(&Draft) -> Result<Prepared, Invalid>,
    /// The refusal that a whole body is, whatever its status.
    pub(crate) refusal: fn(&Draft, StatusCode, &[u8]) -> Option<ApiError>,
}

/// A call that is being put together. What is wrong with it is kept until it is sent.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) cashfree: Cashfree,
    pub(crate) info: CallInfo,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    takes: Takes,
    pub(crate) dialect: Option<&'static Dialect>,
    headers: HeaderMap,
    path_values: Vec<(Cow<'static, str>, String)>,
    query: Vec<(Cow<'static, str>, String)>,
    pub(crate) json: Option<Bytes>,
    form: Option<Form>,
    needs_a_part: bool,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) violations: Vec<Violation>,
}

/// What an operation takes beside its arguments.
#[derive(Clone, Copy)]
pub(crate) struct Takes {
    /// The credentials; whatever the account has where it is not known.
    credentials: Option<&'static [AuthScheme]>,
    token: Option<&'static OperationInfo>,
    below_host: bool,
    keyed: bool,
}

impl Takes {
    /// An operation of the payments API of which no more is known.
    pub(crate) const UNKNOWN: Self = Self { credentials: None, token: None, below_host: false, keyed: true };
}

impl From<&'static OperationInfo> for Takes {
    fn from(info: &'static OperationInfo) -> Self {
        let &OperationInfo { credentials, token, below_host, keyed, .. } = info;
        Self { credentials: Some(credentials), token, below_host, keyed }
    }
}

impl Draft {
    /// It moves from setter to setter and from future to future, so all that moves is where it is.
    pub(crate) fn new(cashfree: Cashfree, info: CallInfo, takes: Takes) -> Box<Self> {
        Box::new(Self {
            cashfree,
            info,
            timeout: None,
            retry: None,
            takes,
            dialect: None,
            headers: HeaderMap::new(),
            path_values: Vec::new(),
            query: Vec::new(),
            json: None,
            form: None,
            needs_a_part: false,
            idempotency_key: None,
            request_id: None,
            violations: Vec::new(),
        })
    }

    pub(crate) fn without_credentials(&mut self) {
        self.takes.credentials = Some(&[]);
    }

    pub(crate) fn without_idempotency_key(&mut self) {
        self.takes.keyed = false;
    }

    pub(crate) fn path(&mut self, name: Cow<'static, str>, value: String) {
        self.path_values.push((name, value));
    }

    pub(crate) fn query(&mut self, name: Cow<'static, str>, value: String) {
        self.query.push((name, value));
    }

    pub(crate) fn header(&mut self, name: &'static str, value: &str) {
        match (HeaderName::from_bytes(name.as_bytes()), header_value(value)) {
            (Ok(name), Ok(value)) => drop(self.headers.insert(name, value)),
            (_, Err(rule)) => self.violations.push(Violation::new(name, rule)),
            (Err(_), _) => self.violations.push(Violation::new(name, "cannot be the name of a header")),
        }
    }

    pub(crate) fn json(&mut self, body: &(impl Payload + ?Sized)) {
        match body.to_body() {
            Ok(bytes) => self.json = Some(bytes.into()),
            Err(invalid) => self.violations.extend_from_slice(invalid.violations()),
        }
    }

    /// A form takes the place of a JSON body.
    pub(crate) fn text(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        self.form.get_or_insert_default().text(name.into(), value);
    }

    /// The texts of its form, in the order they were given.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.form.iter().flat_map(Form::texts)
    }

    pub(crate) fn file(&mut self, name: impl Into<Cow<'static, str>>, upload: Upload) {
        self.form.get_or_insert_default().file(name.into(), upload);
    }

    /// There has to be a form, whatever is in it.
    #[allow(dead_code)] // only generated code calls it
    pub(crate) fn needs_a_part(&mut self) {
        self.needs_a_part = true;
    }

    pub(crate) fn idempotency_key(&mut self, key: String) {
        self.idempotency_key = Some(key);
    }

    pub(crate) fn request_id(&mut self, id: String) {
        self.request_id = Some(id);
    }

    /// What no text about the call may show.
    pub(crate) fn hidden(&self) -> Hidden {
        let mut hidden = Hidden::new(self.cashfree.inner().secrets().iter().map(Secret::expose));
        if let Some(body) = &self.json {
            hidden.json(body);
        }
        for (name, value) in self.texts() {
            hidden.value(name, value);
        }
        for (name, value) in self.path_values.iter().chain(&self.query) {
            hidden.value(name, value);
        }
        hidden
    }

    /// The refusal that a body is whatever its status, where the API has such.
    pub(crate) fn refusal(&self, status: StatusCode, body: &[u8]) -> Option<ApiError> {
        self.dialect.and_then(|dialect| (dialect.refusal)(self, status, body))
    }

    /// Checks everything and makes the request.
    pub(crate) fn prepare(&self) -> Result<Prepared, Invalid> {
        if let Some(dialect) = self.dialect {
            return (dialect.prepare)(self);
        }
        let mut violations = self.violations.clone();
        if self.needs_a_part && self.form.is_none() {
            violations.push(Violation::new("form", "must have a part"));
        }
        let path = self.filled_path(&mut violations);
        let request_id = self.request_id_or_new();
        if self.idempotency_key.is_some() && !self.takes.keyed {
            let rule = "guards nothing here: the operation knows no idempotency keys";
            violations.push(Violation::new("idempotency_key", rule));
        }
        let idempotency_key = self.idempotency_key.clone().or_else(|| {
            // The repeats of these are only safe with a key; the other methods are safe without.
            let needs_key = self.takes.keyed && matches!(self.info.method, Method::POST | Method::PATCH);
            needs_key.then(|| Uuid::new_v4().to_string())
        });

        let common = &self.cashfree.inner().common_headers;
        let mut headers = HeaderMap::with_capacity(USUAL_HEADERS);
        headers.extend(common.iter().chain(&self.headers).map(|(name, value)| (name.clone(), value.clone())));
        let token = self.add_credentials(&mut headers, &mut violations);
        let mut set = |member, name: &'static HeaderName, value: &str| match header_value(value) {
            Ok(value) => drop(headers.insert(name, value)),
            Err(rule) => violations.push(Violation::new(member, rule)),
        };
        if !self.info.version.is_empty() {
            set("api_version", &API_VERSION, &self.info.version);
        }
        set("request_id", &REQUEST_ID, &request_id);
        if let Some(key) = &idempotency_key {
            set("idempotency_key", &IDEMPOTENCY_KEY, key);
        }
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let (content_type, body) = match (&self.form, &self.json) {
            (Some(form), _) => form.encode(),
            (None, Some(json)) => ("application/json".to_owned(), json.clone()),
            (None, None) => (String::new(), Bytes::new()),
        };
        let body = (!content_type.is_empty()).then_some(body);
        if body.is_none() && matches!(self.info.method, Method::POST | Method::PUT | Method::PATCH) {
            // Left out otherwise, and some gateways answer 411 to that.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let (Some(_), Ok(value)) = (&body, HeaderValue::from_str(&content_type)) {
            headers.insert(CONTENT_TYPE, value);
        }

        if !violations.is_empty() {
            return Err(Invalid::new(violations));
        }
        let mut url = self.cashfree.inner().base_url.join(&path, self.takes.below_host);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(Prepared { url, headers, body, request_id, idempotency_key, token })
    }

    pub(crate) fn request_id_or_new(&self) -> String {
        self.request_id.clone().unwrap_or_else(|| Uuid::new_v4().to_string())
    }

    /// Adds the headers that say who calls; or tells which operation answers the token that does.
    fn add_credentials(
        &self,
        headers: &mut HeaderMap,
        violations: &mut Vec<Violation>,
    ) -> Option<&'static OperationInfo> {
        let account = &self.cashfree.inner().credential_headers;
        let schemes = match self.takes.credentials {
            None => {
                headers.extend(account.clone());
                return None;
            }
            Some([]) => return None,
            Some(schemes) => schemes,
        };
        let one = |name: &'static HeaderName| Some((name.clone(), account.get(name)?.clone()));
        let among = |schemes: &[AuthScheme]| schemes.iter().find(|scheme| scheme.is_among(account)).copied();
        if let Some(scheme) = among(schemes) {
            headers.extend(scheme.headers().filter_map(one));
            return None;
        }
        // What cannot call may still be able to fetch a token that can.
        let needed = self.takes.token.map_or(schemes, |source| source.credentials);
        if among(needed).is_some() {
            return self.takes.token;
        }
        let kinds: Vec<String> = needed.iter().map(|scheme| format!("{scheme:?}")).collect();
        let rule = format!("must be of another kind: {}", kinds.join(" or "));
        violations.push(Violation::new("credentials", rule));
        None
    }

    /// The path with every `{name}` replaced by its value.
    fn filled_path(&self, violations: &mut Vec<Violation>) -> String {
        let mut path = self.info.path.to_string();
        if let Some(rule) = broken_path(&path) {
            violations.push(Violation::new("path", rule));
        }
        for (name, value) in &self.path_values {
            // A value must stay one segment: Url drops `.` and climbs on `..`, encoded or not.
            if value.is_empty() {
                violations.push(Violation::new(name.as_ref(), "must not be empty"));
            } else if matches!(value.as_str(), "." | "..") {
                violations.push(Violation::new(name.as_ref(), "must not be a dot segment"));
            }
            let placeholder = format!("{{{name}}}");
            if !path.contains(&placeholder) {
                violations.push(Violation::new(name.as_ref(), "has no place in the path"));
            }
            path = path.replace(&placeholder, &utf8_percent_encode(value, PATH_VALUE).to_string());
        }
        if let Some((_, rest)) = path.split_once('{') {
            let name = rest.split('}').next().unwrap_or_default();
            violations.push(Violation::new(name, "is missing"));
        }
        path
    }
}

/// What is wrong with a path template. Only one that a user wrote can be.
fn broken_path(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        Some("must begin with a slash")
    } else if path.contains(['?', '#']) {
        Some("must not hold a query or a fragment")
    } else if path.contains(|c: char| !c.is_ascii_graphic() || c == '\\') {
        Some("must not hold a blank, a backslash or a character outside ASCII")
    } else if path
        .split('/')
        .any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".."))
    {
        Some("must not hold a dot segment")
    } else {
        None
    }
}

pub(crate) fn header_value(text: &str) -> Result<HeaderValue, &'static str> {
    if text.is_empty() {
        return Err("must not be empty");
    }
    if text.len() > LONGEST_HEADER_VALUE {
        return Err("must not be longer than 255 characters");
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("must hold visible ASCII characters only");
    }
    HeaderValue::from_str(text).map_err(|_| "cannot be sent in a header")
}
