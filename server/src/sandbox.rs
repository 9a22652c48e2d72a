//! The sandbox behind a socket: both services on one loopback port, with the delays, truncations and
//! dropped connections that it asks for.

use std::io;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use rolecall_sandbox::{Delivery, Reply, Sandbox};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

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
        let service = service_fn(move |request| {
            let host = self.clone();
            async move { host.answer(request).await }
        });
        serve(listener, service, stop).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Part>, Dropped> {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_REQUEST).collect().await else {
            let mut response = Response::new(Part::whole(Vec::new()));
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(response);
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
