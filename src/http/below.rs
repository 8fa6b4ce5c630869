//! Under a published page stand the messages that were left there, whatever feature the page is of: the page's
//! handler knows nothing of them, its frame carries them.

use poem::{Endpoint, Request, Result};

use crate::app::App;
use crate::http::visitor::Visitor;
use crate::message;

/// A public page with the messages under it.
pub struct WithMessages<E>(pub E);

impl<E: Endpoint> Endpoint for WithMessages<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> Result<Self::Output> {
        let asked = request.data::<App>().cloned().zip(request.extensions().get::<Visitor>().cloned());
        if let Some((app, visitor)) = asked {
            let path = visitor.path.split('?').next().unwrap_or_default();
            let below = message::page::below(&app, &visitor, path).await?;
            if let (Some(below), Some(visitor)) = (below, request.extensions_mut().get_mut::<Visitor>()) {
                visitor.below = Some(below);
            }
        }
        self.0.call(request).await
    }
}
