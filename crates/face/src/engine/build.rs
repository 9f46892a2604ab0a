//! From a [`Graph`] to a [`Plan`]: what follows a convolution becomes a part of it, then everything gets its place.

mod draft;
mod lists;
mod read;
mod shape;

use super::dense::Dense;
use super::depthwise::Depthwise;
use super::flat::Flat;
use super::plan::{Plan, Pool};
use super::step::Step;
use crate::graph::{Graph, GraphError};
use draft::{Draft, Form, Work};

/// Plans a model.
///
/// # Errors
/// When it contradicts itself, or has an operation in a place that the engine does not know.
pub(super) fn plan(graph: &Graph<'_>) -> Result<Plan, GraphError> {
    let (mut drafts, outputs) = read::drafts(graph)?;
    widen(&mut drafts);
    let Some(source) = drafts.first().and_then(Draft::image) else {
        return Err(GraphError::new("a model without input"));
    };
    let mut uses = vec![0_usize; drafts.len()];
    for input in drafts.iter().flat_map(Draft::inputs).chain(outputs.iter().copied()) {
        uses[input] += 1;
    }
    let mut pool = Pool::default();
    let mut places = vec![pool.take(source.len())];
    let mut steps = Vec::with_capacity(drafts.len());
    for draft in &drafts[1..] {
        // Before those that are read come back: a step never writes where it reads.
        let buffer = pool.take(draft.length());
        steps.push((step(draft, &drafts, &places), buffer, draft.length()));
        places.push(buffer);
        for input in draft.inputs() {
            uses[input] -= 1;
            if uses[input] == 0 {
                pool.give_back(places[input]);
            }
        }
    }
    Ok(Plan {
        source,
        steps,
        buffers: pool.lengths,
        outputs: outputs.iter().map(|draft| (places[*draft], drafts[*draft].length())).collect(),
        multiplications: drafts.iter().map(Draft::multiplications).sum::<usize>() as u64,
    })
}

/// Gives every picture the border that the convolutions reading it need.
fn widen(drafts: &mut [Draft]) {
    for number in 0..drafts.len() {
        let Some((input, window)) = drafts[number].window() else { continue };
        let Some(output) = drafts[number].image() else { continue };
        let Form::Image(image) = &mut drafts[input].form else { continue };
        let after = |axis: usize, inside: usize, outside: usize| {
            let reach = (outside - 1) * window.stride[axis]
                + (window.kernel[axis] - 1) * window.dilation[axis]
                + 1;
            reach.saturating_sub(inside + window.before[axis])
        };
        let after = after(0, image.height, output.height).max(after(1, image.width, output.width));
        image.border = image.border.max(window.before[0]).max(window.before[1]).max(after);
    }
}

/// A draft with its places.
fn step(draft: &Draft, drafts: &[Draft], places: &[usize]) -> Step {
    let image = |number: usize| drafts[number].image().expect("reading made sure of pictures");
    match (&draft.work, &draft.form) {
        (Work::Dense { input, window, weights, finish, added }, Form::Image(output)) => {
            let earlier = added.map(image);
            let dense =
                Dense::new(window, weights, finish, &image(*input), output, earlier.as_ref());
            Step::Dense(Box::new(dense), places[*input], added.map(|added| places[added]))
        }
        (Work::Depthwise { input, window, weights, finish }, Form::Image(output)) => {
            let depthwise = Depthwise::new(window, weights, finish, &image(*input), output);
            Step::Depthwise(Box::new(depthwise), places[*input])
        }
        (Work::Picture(picture, inputs), Form::Image(output)) => {
            let inputs = inputs.iter().map(|input| (places[*input], image(*input))).collect();
            Step::Picture(*output, picture.clone().padded(output.lanes()), inputs)
        }
        (Work::Flat(flat, inputs), Form::List(_)) => {
            // Its border was not known while the graph was read.
            let flat = match flat {
                Flat::Of(_) => Flat::Of(image(inputs[0])),
                other => other.clone(),
            };
            Step::Flat(flat, inputs.iter().map(|input| places[*input]).collect())
        }
        _ => unreachable!("each kind of work has one form"),
    }
}
