//! The bench where files are opened: one thread, one file at a time. A picture may need a hundred megabytes while it is
//! drawn; on threads of the common pool each would keep what it once needed, and memory would grow with every thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::problem::Problem;

type Job = Box<dyn FnOnce() + Send>;

/// Ends with whoever holds it.
#[derive(Default)]
pub struct Bench(Mutex<Option<Sender<Job>>>);

impl Bench {
    /// Does the work when its turn comes. Give it nothing that is large: it waits with what it holds.
    ///
    /// # Errors
    /// `internal` when the work panicked, or no thread can be made.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (tell, told) = oneshot::channel();
        self.put(Box::new(move || drop(tell.send(work()))))?;
        told.await.map_err(Problem::internal)
    }

    fn put(&self, job: Job) -> Result<(), Problem> {
        let mut sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match &*sender {
            Some(open) => open,
            None => sender.insert(begin()?),
        };
        open.send(job).map_err(|_| Problem::internal("the bench of attachments is gone"))
    }
}

fn begin() -> Result<Sender<Job>, Problem> {
    let (sender, jobs) = channel::<Job>();
    let work = move || {
        while let Ok(job) = jobs.recv() {
            // A file on which a decoder stumbles takes nobody else's turn.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    };
    thread::Builder::new().name("attachments".into()).spawn(work).map_err(Problem::internal)?;
    Ok(sender)
}
