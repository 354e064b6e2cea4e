//! Reading a list that comes in pages, to its end and never short of it.
//!
//! What comes in pages is reconciliation: what was paid, refunded and settled. A list that quietly stops
//! early balances the wrong books, so a stream ends only where the answer says that it ends. Everything
//! else, a cursor that comes a second time included, is an error, and an error does not lose the place.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::{FusedStream, Stream};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::{
    answer::{error::Error, response::Response},
    call::{
        judge::Unread,
        operation::{Call, Operation},
        request::Draft,
        runtime,
    },
    types::{Body, DecodeError, Invalid, Unlisted},
};

/// An operation that takes `pagination.cursor` and answers with a `cursor` and a list of `data`.
/// Implemented by generated code for every operation of that shape, and by nothing else.
pub trait Paginated: Operation {
    /// One entry of `data`.
    type Item: Body + Send + 'static;
    /// The cursor of the next page, as the page has it.
    fn cursor(page: &Self::Output) -> Option<&str>;
    /// What the page holds.
    fn data(page: &mut Self::Output) -> &mut Option<Vec<Self::Item>>;
    /// What the page held besides, and the members that did not fit.
    fn unlisted(page: &Self::Output) -> &Unlisted;
}

impl<O: Paginated> Call<O> {
    /// All pages from here on, as a stream; nothing is sent before it is polled.
    ///
    /// It begins at the `pagination.cursor` of the request, or at the first page where there is none: see
    /// [`Pages`] for how it ends, fails and resumes. Every page is a call of its own with this call's
    /// [`timeout`](Self::timeout) and [`retry`](Self::retry), and with a new idempotency key and request
    /// id: any given to this call are not used, since one key stands for one request.
    pub fn pages(self) -> Pages<O> {
        let mut draft = self.draft;
        // Whatever else the operation says of itself: what comes in pages is read.
        draft.info.reads = true;
        draft.idempotency_key = None;
        draft.request_id = None;
        let cursor = draft.json.as_deref().and_then(cursor_in);
        let used = cursor.iter().cloned().collect();
        Pages { draft, last: None, cursor, used, sending: None, done: false }
    }

    /// The entries of all pages from here on, in order, as a stream: see [`Items`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "v2025-01-01")]
    /// # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), cashfree_pg::Error> {
    /// use cashfree_pg::v2025_01_01::types::{
    ///     FetchReconRequest, FetchReconFilters, Pagination,
    /// };
    ///
    /// let request = FetchReconRequest::new(
    ///     Pagination::new(100),
    ///     FetchReconFilters::new("2025-01-01T00:00:00+05:30", "2025-01-31T23:59:59+05:30"),
    /// );
    /// let mut items = cashfree.v2025_01_01().fetch_recon(request).items();
    /// while let Some(item) = items.next().await {
    ///     let item = item?;
    ///     println!("{:?} {:?}", item.event_id, item.event_amount);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> Items<O> {
        Items { pages: self.pages(), buffer: Vec::new().into_iter() }
    }
}

/// What is sent for one page: the cursors used so far, which it checks the answer against and gives back,
/// and the page with the cursor of the next one.
type Sending<T> =
    Pin<Box<dyn Future<Output = (HashSet<String>, Result<Response<(T, Option<String>)>, Error>)> + Send>>;

/// The pages of a list: a [`Stream`] of [`Response`]s, made by [`Call::pages`].
///
/// **The end** is a page whose cursor is null, empty or absent, and a page whose data is null or empty,
/// whatever its cursor: a cursor names the last entry that was read. That page is still handed out.
///
/// **An error** is given once and moves nothing: polling again asks for the same page again. That is safe,
/// as these operations only read. What will not go away by itself comes each time, so leave the loop on an error that is not worth
/// another try.
///
/// **An answer that is no page** is an [`Undecodable`](crate::ErrorKind::Undecodable) error with the body
/// in [`raw_body`](Error::raw_body): `data` or `cursor` of another kind, neither of the two, or a cursor without
/// `data`. So is a
/// page whose cursor was used before: to follow it would be to go round in circles, and to stop there would
/// be to pass off a part for the whole.
///
/// One page is asked for at a time, and only when polled; dropping the stream sends nothing more.
///
/// ```no_run
/// # #[cfg(feature = "v2025-01-01")]
/// # async fn run(
/// #     cashfree: cashfree_pg::Cashfree,
/// #     stored: Option<String>,
/// #     store: impl Fn(Option<&str>),
/// # ) -> Result<(), cashfree_pg::Error> {
/// use cashfree_pg::v2025_01_01::types::{
///     SettlementQuery, SettlementFilters,
///     Pagination,
/// };
///
/// let mut pagination = Pagination::new(1000);
/// if let Some(cursor) = stored {
///     pagination = pagination.cursor(cursor);
/// }
/// let filters = SettlementFilters::new().settlement_utrs(["UTR1"]);
/// let request = SettlementQuery::new(pagination, filters);
///
/// let mut pages = cashfree.v2025_01_01().fetch_settlement_recon(request).pages();
/// while let Some(page) = pages.next().await {
///     for entry in page?.data.iter().flatten() {
///         println!("{:?}", entry.event_details);
///     }
///     store(pages.cursor());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<O: Paginated> {
    draft: Box<Draft>,
    /// Where the page that was handed out last came from.
    last: Option<String>,
    cursor: Option<String>,
    used: HashSet<String>,
    sending: Option<Sending<O::Output>>,
    done: bool,
}

impl<O: Paginated> Pages<O> {
    /// The place to store and resume from: the `pagination.cursor` of the next page, or of the last page
    /// once the end is reached, so that resuming there finds what was added since. `None` is the first page.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The next page; `None` at the end. The same as `StreamExt::next` of the `futures` crate.
    ///
    /// Dropping the returned future loses nothing: the request that was sent is still awaited next time.
    ///
    /// # Errors
    /// As in [`Call::send`], and where the answer is no page: see [`Pages`].
    pub async fn next(&mut self) -> Option<Result<Response<O::Output>, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Response<O::Output>, Error>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let mut sending = match self.sending.take() {
            Some(sending) => sending,
            None => match self.send() {
                Ok(sending) => sending,
                Err(error) => return Poll::Ready(Some(Err(error))),
            },
        };
        let Poll::Ready((used, answer)) = sending.as_mut().poll(cx) else {
            self.sending = Some(sending);
            return Poll::Pending;
        };
        self.used = used;
        Poll::Ready(Some(answer.map(|answer| {
            let ((page, next), meta, body) = answer.into_all();
            self.last.clone_from(&self.cursor);
            match next {
                Some(next) => {
                    self.used.insert(next.clone());
                    self.cursor = Some(next);
                }
                None => self.done = true,
            }
            Response::new(page, meta, body)
                .showing_personal_data(self.draft.cashfree.inner().shows_personal_data)
        })))
    }

    fn send(&mut self) -> Result<Sending<O::Output>, Error> {
        let mut draft = self.draft.clone();
        if let (Some(body), Some(cursor)) = (&self.draft.json, &self.cursor) {
            let body = with_cursor(body, cursor)
                .map_err(|_| Invalid::one("pagination", "is no object to put a cursor into"))?;
            draft.json = Some(body.into());
        }
        let used = mem::take(&mut self.used);
        Ok(Box::pin(async move {
            let answer = runtime::send_and_read(draft, |body| read::<O>(body, &used)).await;
            (used, answer)
        }))
    }
}

impl<O: Paginated> Stream for Pages<O> {
    type Item = Result<Response<O::Output>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<O: Paginated> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        self.done
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("info", &self.draft.info)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

/// The entries of all pages, in order: a [`Stream`], made by [`Call::items`].
///
/// It ends, fails and goes on as [`Pages`] does, and asks for a page when the one before is used up.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<O: Paginated> {
    pages: Pages<O>,
    buffer: vec::IntoIter<O::Item>,
}

impl<O: Paginated> Items<O> {
    /// The place to store and resume from: the cursor of the page that the next entry is on; `None` is the
    /// first page. In the middle of a page, resuming gives the entries before it on that page once more;
    /// it never leaves one out.
    pub fn cursor(&self) -> Option<&str> {
        if self.buffer.len() > 0 { self.pages.last.as_deref() } else { self.pages.cursor() }
    }

    /// The next entry; `None` at the end. The same as `StreamExt::next` of the `futures` crate.
    ///
    /// Dropping the returned future loses nothing: the request that was sent is still awaited next time.
    ///
    /// # Errors
    /// As in [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.buffer.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.buffer = O::data(&mut page.into_inner()).take().unwrap_or_default().into_iter();
                }
            }
        }
    }
}

// No entry is ever pinned.
impl<O: Paginated> Unpin for Items<O> {}

impl<O: Paginated> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<O: Paginated> FusedStream for Items<O> {
    fn is_terminated(&self) -> bool {
        self.pages.done && self.buffer.len() == 0
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// A page and the cursor of the next one, if there is one.
type Page<O> = (<O as Operation>::Output, Option<String>);

/// Reads a page.
///
/// Generated types read as absent what does not fit them; here that would be taken for the end.
fn read<O: Paginated>(body: &[u8], used: &HashSet<String>) -> Result<Box<Page<O>>, Unread> {
    let page = *runtime::read(body)?;
    check::<O>(page, body, used).map(Box::new).map_err(|error| Unread { error, meant: true })
}

fn check<O: Paginated>(
    mut page: O::Output,
    body: &[u8],
    used: &HashSet<String>,
) -> Result<Page<O>, DecodeError> {
    for misfit in O::unlisted(&page).misfits() {
        match misfit {
            "cursor" => return Err(DecodeError::new("$.cursor", "text", "something else")),
            "data" => return Err(DecodeError::new("$.data", "a list of entries", "something else")),
            _ => {}
        }
    }
    let next = O::cursor(&page).filter(|cursor| !cursor.is_empty()).map(str::to_owned);
    let data = O::data(&mut page).as_deref();
    if data.is_none() {
        match (has_member(body, "data"), has_member(body, "cursor"), &next) {
            // A list that is null is empty; one that is not there, before another page, is no list.
            (false, true, Some(_)) => return Err(DecodeError::new("$.data", "a list of entries", "nothing")),
            (false, false, _) => return Err(DecodeError::new("$", "a page", "neither data nor a cursor")),
            _ => {}
        }
    }
    let data = data.unwrap_or_default();
    if !data.is_empty() && data.iter().all(Body::is_silent) {
        return Err(DecodeError::new("$.data", "a list of entries", "nothing that the specification lists"));
    }
    if data.is_empty() {
        return Ok((page, None));
    }
    match next {
        Some(next) if used.contains(&next) => {
            Err(DecodeError::new("$.cursor", "the cursor of another page", "one that was used before"))
        }
        next => Ok((page, next)),
    }
}

/// Whether a body has a member, be it null.
fn has_member(body: &[u8], name: &str) -> bool {
    serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(body)
        .is_ok_and(|members| members.contains_key(name))
}

/// The members of an object as they are written, so that no number changes on its way from page to page.
type Members = BTreeMap<String, Box<RawValue>>;

/// The cursor that a request asks for.
fn cursor_in(body: &[u8]) -> Option<String> {
    let body: Members = serde_json::from_slice(body).ok()?;
    let pagination: Members = serde_json::from_str(body.get("pagination")?.get()).ok()?;
    let cursor: String = serde_json::from_str(pagination.get("cursor")?.get()).ok()?;
    Some(cursor).filter(|cursor| !cursor.is_empty())
}

/// The request with another cursor and nothing else changed.
fn with_cursor(body: &[u8], cursor: &str) -> serde_json::Result<Vec<u8>> {
    let mut body: Members = serde_json::from_slice(body)?;
    let mut pagination: Members = match body.get("pagination") {
        Some(pagination) => serde_json::from_str(pagination.get())?,
        None => Members::new(),
    };
    pagination.insert("cursor".into(), serde_json::value::to_raw_value(cursor)?);
    body.insert("pagination".into(), serde_json::value::to_raw_value(&pagination)?);
    serde_json::to_vec(&body)
}
