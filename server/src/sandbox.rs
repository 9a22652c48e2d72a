//! The sandbox behind a socket: both services on one loopback port, with the delays, truncations and
//! dropped connections that it asks for.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use rolecall_sandbox::{Delivery, Reply, Sandbox};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::body::WITHIN;
use crate::clock::World;
use crate::serve::serve;

/// Longest body of a request, in bytes: 1 MiB.
const MAX_REQUEST: usize = 1 << 20;

/// The connection ended without an answer, as the sandbox wanted it.
#[derive(Debug, thiserror::Error)]
#[error("dropped on request")]
struct Dropped;

/// A sandbox on a thread of its own; requests wait in line for it.
#[derive(Clone)]
pub struct Host {
    line: mpsc::Sender<(Request<Vec<u8>>, oneshot::Sender<Reply>)>,
}

impl Host {
    /// Gives a sandbox its thread; it ends with the last handle.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn new(mut sandbox: Sandbox, world: World) -> io::Result<Self> {
        let (line, waiting) = mpsc::channel::<(Request<Vec<u8>>, oneshot::Sender<Reply>)>();
        std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || {
                for (request, answer) in waiting {
                    // Nobody waits any more where a client went away.
                    let _ = answer.send(sandbox.handle(&request, world.now_ms()));
                }
            })?;
        Ok(Self { line })
    }

    /// Answers connections until `stop`.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let service = service_fn(move |request: Request<Incoming>| {
            let host = self.clone();
            async move { host.answer(request).await }
        });
        serve(listener, service, stop).await;
    }

    async fn answer<B>(&self, request: Request<B>) -> Result<Response<Part>, Dropped>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let refused = |status| {
            let mut response = Response::new(Part::whole(Vec::new()));
            *response.status_mut() = status;
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
            Ok(response)
        };
        let body = match timeout(WITHIN, Limited::new(body, MAX_REQUEST).collect()).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return refused(StatusCode::PAYLOAD_TOO_LARGE),
            Err(_) => return refused(StatusCode::REQUEST_TIMEOUT),
        };
        let (answer, reply) = oneshot::channel();
        let request = Request::from_parts(parts, body.to_bytes().into());
        self.line.send((request, answer)).map_err(|_| Dropped)?;
        let reply = reply.await.map_err(|_| Dropped)?;
        if let Some(cause) = &reply.broken {
            tracing::error!(%cause, "the sandbox failed");
        }
        if reply.delay_ms > 0 {
            sleep(Duration::from_millis(reply.delay_ms)).await;
        }
        match reply.delivery {
            Delivery::Whole => Ok(reply.response.map(Part::whole)),
            Delivery::Truncated { bytes } => {
                Ok(reply.response.map(|body| Part::truncated(body, bytes)))
            }
            Delivery::DroppedBefore | Delivery::DroppedAfter => Err(Dropped),
        }
    }
}

/// A body, or the beginning of one after which the connection breaks.
struct Part {
    rest: Option<Bytes>,
    told: u64,
    breaks: bool,
    /// Whether what came before the break has had its turn to go out.
    flushed: bool,
}

impl Part {
    fn whole(body: Vec<u8>) -> Self {
        Self {
            told: body.len() as u64,
            rest: Some(body.into()),
            breaks: false,
            flushed: false,
        }
    }

    fn truncated(mut body: Vec<u8>, bytes: usize) -> Self {
        let told = body.len() as u64;
        body.truncate(bytes.min(body.len().saturating_sub(1)));
        Self {
            told,
            rest: Some(body.into()),
            breaks: true,
            flushed: false,
        }
    }
}

impl Body for Part {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        match self.rest.take() {
            Some(bytes) if !bytes.is_empty() => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            // An error at once would throw away what is still in the connection's buffer.
            _ if self.breaks && !self.flushed => {
                self.flushed = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ if self.breaks => Poll::Ready(Some(Err(Dropped))),
            _ => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.told)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::StreamBody;
    use rolecall_sandbox::Settings;
    use rusqlite::Connection as Database;

    use super::*;

    #[tokio::test]
    async fn a_request_that_does_not_end_is_refused() {
        let database = Database::open_in_memory().unwrap();
        let settings = Settings {
            users: 10,
            ..Settings::default()
        };
        let sandbox = Sandbox::open(database, settings).unwrap();
        let host = Host::new(sandbox, World::real()).unwrap();
        let endless = futures_util::stream::pending::<Result<Frame<Bytes>, io::Error>>();
        let request = Request::post("/v1/organizations").body(StreamBody::new(endless));
        tokio::time::pause();
        let answer = host.answer(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), 408);
        assert_eq!(answer.headers()[CONNECTION], "close");
    }
}
