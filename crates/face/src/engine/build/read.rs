//! Reading a graph node by node.

use super::draft::{Draft, Form, Work};
use super::shape::{Notation, Seen, Value, convolved};
use crate::engine::flat::Flat;
use crate::engine::image::Image;
use crate::engine::layer::{Finish, Window};
use crate::engine::step::Picture;
use crate::graph::{Convolution, Graph, GraphError, Node, Operation, checked_length, floats};

/// The drafts of all steps, the source first, and which of them are the results.
///
/// # Errors
/// When the graph contradicts itself, or has an operation in a place that the engine does not know.
pub(super) fn drafts(graph: &Graph<'_>) -> Result<(Vec<Draft>, Vec<usize>), GraphError> {
    let mut readers = vec![0; graph.nodes.len()];
    for input in graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs) {
        *readers.get_mut(*input as usize).ok_or_else(|| GraphError::new("no such node"))? += 1;
    }
    let mut reader = Reader { drafts: Vec::new(), seen: Vec::new(), readers };
    for (number, node) in graph.nodes.iter().enumerate() {
        let seen = reader.node(node).map_err(|error| error.at(number))?;
        reader.seen.push(seen);
    }
    let outputs = graph.outputs.iter().map(|output| reader.list_of(*output as usize));
    let outputs = outputs.collect::<Result<_, _>>()?;
    Ok((reader.drafts, outputs))
}

pub(super) struct Reader {
    drafts: Vec<Draft>,
    pub(super) seen: Vec<Seen>,
    /// How many nodes read each node.
    readers: Vec<usize>,
}

pub(super) fn err<T>(what: &str) -> Result<T, GraphError> {
    Err(GraphError::new(what))
}

pub(super) fn sides(shape: &[u32]) -> Vec<usize> {
    shape.iter().map(|side| *side as usize).collect()
}

impl Reader {
    fn node(&mut self, node: &Node<'_>) -> Result<Seen, GraphError> {
        if node.inputs.iter().any(|input| *input as usize >= self.seen.len()) {
            return err("an input that comes later");
        }
        let inputs = sides(&node.inputs);
        match (&node.op, inputs.as_slice()) {
            (Operation::Source(shape), []) => self.source(shape),
            (Operation::Const(shape, data), []) => {
                let values = floats(data)?;
                if values.len() != checked_length(shape)? {
                    return err("a constant of another length than its shape");
                }
                Ok(Seen { shape: sides(shape), channel: 0, value: Value::Constant(values) })
            }
            (Operation::Conv(convolution), [input, kernel, bias]) => {
                self.convolution(convolution, *input, *kernel, *bias)
            }
            (Operation::EinSum(notation), [input, matrix]) => {
                self.product(&Notation::read(notation)?, *input, *matrix)
            }
            (Operation::PRelu(slopes), [input]) => self.slope(*input, &floats(slopes)?),
            (Operation::Max, [a, b]) => {
                let [input, zero] = self.constant_last([*a, *b]);
                let is_zero = self.seen[zero].constant()?.iter().all(|value| value.abs() <= 0.0);
                if is_zero { self.slope(input, &[0.0]) } else { err("a maximum with other than 0") }
            }
            (op @ (Operation::Add | Operation::Sub | Operation::Mul), [a, b]) => {
                if self.any_list(&[*a, *b]) {
                    self.lists(op, [*a, *b])
                } else {
                    self.pictures(op, [*a, *b])
                }
            }
            (Operation::Sum(axes), [input]) => self.sum(*input, axes),
            (Operation::Sigmoid, [input]) => {
                let (image, draft) = self.image(*input)?;
                Ok(self.picture(image, Picture::Sigmoid, vec![draft], *input))
            }
            (Operation::Exp, [input]) => {
                let list = self.list_of(*input)?;
                Ok(self.list(self.seen[*input].shape.clone(), Flat::Exp, vec![list]))
            }
            (Operation::Softmax(axes), [input]) => {
                let shape = self.seen[*input].shape.clone();
                if axes.iter().map(|axis| *axis as usize + 1).ne([shape.len()]) {
                    return err("a softmax over other than the last axis");
                }
                let list = self.list_of(*input)?;
                let width = shape.last().copied().unwrap_or(1);
                Ok(self.list(shape, Flat::Softmax(width), vec![list]))
            }
            (Operation::Reshape(at, from, to), [input]) => self.reshape(*input, *at, from, to),
            (Operation::Concat(axis), inputs) => self.join(inputs, *axis as usize),
            (Operation::Slice([axis, start, end]), [input]) => {
                self.cut(*input, [*axis, *start, *end].map(|side| side as usize))
            }
            _ => err("an operation with another number of inputs"),
        }
    }

    fn source(&mut self, shape: &[u32]) -> Result<Seen, GraphError> {
        checked_length(shape)?;
        let shape = sides(shape);
        let [1, channels, height, width] = shape[..] else {
            return err("an input that is no picture");
        };
        if !self.drafts.is_empty() || shape.contains(&0) {
            return err("not one input");
        }
        self.push(Work::Source, Form::Image(Image::new(height, width, channels)));
        Ok(Seen { shape, channel: 1, value: Value::Draft(0) })
    }

    fn convolution(
        &mut self,
        convolution: &Convolution,
        input: usize,
        kernel: usize,
        bias: usize,
    ) -> Result<Seen, GraphError> {
        convolution.check()?;
        let (image, draft) = self.image(input)?;
        let [from, to] = convolution.channels.map(|count| count as usize);
        let channels_last = convolution.format % 2 == 1;
        let rank = if convolution.format < 2 { 4 } else { 3 };
        let channel = if channels_last { rank - 1 } else { rank - 3 };
        let seen = &self.seen[input];
        let [height, width] = convolved([image.height, image.width], convolution)?;
        let pair = |values: &[u32]| [values[0] as usize, values[1] as usize];
        let window = Window {
            kernel: pair(&convolution.kernel),
            before: pair(&convolution.before),
            dilation: pair(&convolution.dilations),
            stride: pair(&convolution.strides),
        };
        let depthwise = convolution.group > 1;
        let taps = window.kernel[0] * window.kernel[1];
        let weights = self.seen[kernel].constant()?.to_vec();
        let fits = seen.shape.len() == rank
            && seen.channel == channel
            && image.channels == from
            && (!depthwise || (convolution.group as usize == from && from == to))
            && weights.len() == if depthwise { to * taps } else { to * from * taps };
        if !fits || to == 0 {
            return err("a convolution that does not fit its input");
        }
        let finish = Finish::new(self.seen[bias].by_channel(to, 0)?);
        let mut shape = seen.shape.clone();
        let rows = if channels_last { channel - 2 } else { channel + 1 };
        (shape[channel], shape[rows], shape[rows + 1]) = (to, height, width);
        let work = if depthwise {
            Work::Depthwise { input: draft, window, weights, finish }
        } else {
            Work::Dense { input: draft, window, weights, finish, added: None }
        };
        let value = self.push(work, Form::Image(Image::new(height, width, to)));
        Ok(Seen { shape, channel, value })
    }

    /// A matrix applied to the channels of every pixel: a convolution of one pixel.
    fn product(
        &mut self,
        notation: &Notation,
        input: usize,
        matrix: usize,
    ) -> Result<Seen, GraphError> {
        let (image, draft) = self.image(input)?;
        let seen = &self.seen[input];
        let [rows, columns] = self.seen[matrix].shape[..] else { return err("no matrix") };
        let (to, from) = if notation.turned { (columns, rows) } else { (rows, columns) };
        let values = self.seen[matrix].constant()?;
        let weights: Vec<f32> = if notation.turned {
            (0..to)
                .flat_map(|to| (0..from).map(move |from| from * columns + to))
                .map(|at| values[at])
                .collect()
        } else {
            values.to_vec()
        };
        let shape: Vec<usize> = notation
            .result
            .iter()
            .enumerate()
            .map(|(at, place)| {
                if at == notation.channel { to } else { place.map_or(1, |place| seen.shape[place]) }
            })
            .collect();
        let fits = seen.channel == notation.summed
            && image.channels == from
            && to > 0
            && shape.iter().product::<usize>() == image.pixels() * to;
        if !fits {
            return err("a matrix that does not fit its input");
        }
        let (finish, window) = (Finish::new(vec![0.0; to]), Window::POINT);
        let work = Work::Dense { input: draft, window, weights, finish, added: None };
        let value = self.push(work, Form::Image(Image { channels: to, border: 0, ..image }));
        Ok(Seen { shape, channel: notation.channel, value })
    }

    fn slope(&mut self, input: usize, slope: &[f32]) -> Result<Seen, GraphError> {
        let (image, draft) = self.image(input)?;
        let slope = match slope {
            [one] => vec![*one; image.channels],
            slopes if slopes.len() == image.channels => slopes.to_vec(),
            _ => return err("slopes for another number of channels"),
        };
        if self.readers[input] == 1 && self.drafts[draft].take_slope(&slope) {
            return Ok(self.again(input, draft));
        }
        err("a slope that does not follow a convolution")
    }

    fn pictures(&mut self, op: &Operation<'_>, pair: [usize; 2]) -> Result<Seen, GraphError> {
        let [a, b] = self.constant_last(pair);
        let (image, draft) = self.image(a)?;
        let channel = self.seen[a].channel;
        if matches!(self.seen[b].value, Value::Constant(_)) {
            let values = self.seen[b].by_channel(image.channels, channel)?;
            let none = |value| vec![value; image.channels];
            let (scale, shift) = match op {
                Operation::Add => (none(1.0), values),
                Operation::Mul => (values, none(0.0)),
                _ => return err("a difference of pictures"),
            };
            if self.readers[a] == 1 && self.drafts[draft].take_affine(&scale, &shift) {
                return Ok(self.again(a, draft));
            }
            return Ok(self.picture(image, Picture::Affine(scale, shift), vec![draft], a));
        }
        let (other, second) = self.image(b)?;
        let one = |image: Image| image.pixels() == 1 && image.channels == other.channels;
        if channel != self.seen[b].channel || image.channels != other.channels {
            return err("pictures that do not fit each other");
        }
        let same = [image.height, image.width] == [other.height, other.width];
        match op {
            Operation::Add if same => Ok(self.sum_of([(a, draft), (b, second)], image)),
            Operation::Mul if one(other) => {
                Ok(self.picture(image, Picture::Scale, vec![draft, second], a))
            }
            Operation::Mul if one(image) => {
                Ok(self.picture(other, Picture::Scale, vec![second, draft], b))
            }
            _ => err("pictures that do not fit each other"),
        }
    }

    /// The later of two pictures adds the earlier one while it is made, if it can.
    fn sum_of(&mut self, pair: [(usize, usize); 2], image: Image) -> Seen {
        let [(a, first), (b, second)] = pair;
        let ((later, host), (_, guest)) =
            if first > second { ((a, first), (b, second)) } else { ((b, second), (a, first)) };
        if self.readers[later] == 1 && host != guest && self.drafts[host].take_sum(guest) {
            return self.again(later, host);
        }
        self.picture(image, Picture::Add(vec![]), vec![first, second], a)
    }

    fn sum(&mut self, input: usize, axes: &[u32]) -> Result<Seen, GraphError> {
        let (image, draft) = self.image(input)?;
        let mut shape = self.seen[input].shape.clone();
        for axis in axes {
            match shape.get_mut(*axis as usize) {
                Some(side) if *axis as usize != self.seen[input].channel => *side = 1,
                _ => return err("a sum over channels"),
            }
        }
        if shape.iter().product::<usize>() != image.channels {
            return err("a sum over a part of a picture");
        }
        let one = Image::new(1, 1, image.channels);
        let seen = self.picture(one, Picture::Sum, vec![draft], input);
        Ok(Seen { shape, ..seen })
    }

    fn push(&mut self, work: Work, form: Form) -> Value {
        self.drafts.push(Draft { work, form });
        Value::Draft(self.drafts.len() - 1)
    }

    /// What `input` was, with something more in it.
    fn again(&self, input: usize, draft: usize) -> Seen {
        let seen = &self.seen[input];
        Seen { shape: seen.shape.clone(), channel: seen.channel, value: Value::Draft(draft) }
    }

    fn picture(&mut self, image: Image, picture: Picture, inputs: Vec<usize>, like: usize) -> Seen {
        let (shape, channel) = (self.seen[like].shape.clone(), self.seen[like].channel);
        let form = Form::Image(Image { border: 0, ..image });
        Seen { shape, channel, value: self.push(Work::Picture(picture, inputs), form) }
    }

    pub(super) fn list(&mut self, shape: Vec<usize>, flat: Flat, inputs: Vec<usize>) -> Seen {
        let form = Form::List(shape.iter().product());
        Seen { channel: shape.len(), shape, value: self.push(Work::Flat(flat, inputs), form) }
    }

    fn image(&self, input: usize) -> Result<(Image, usize), GraphError> {
        let draft = self.seen[input].draft()?;
        let image = self.drafts[draft].image();
        image
            .map(|image| (image, draft))
            .ok_or_else(|| GraphError::new("a list where a picture is needed"))
    }

    fn any_list(&self, inputs: &[usize]) -> bool {
        let is_list = |input: &usize| {
            self.seen[*input].draft().is_ok_and(|draft| self.drafts[draft].image().is_none())
        };
        inputs.iter().any(is_list)
    }

    /// The draft of a list; a picture becomes one when its channels are last.
    pub(super) fn list_of(&mut self, input: usize) -> Result<usize, GraphError> {
        let seen = &self.seen[input];
        let draft = seen.draft()?;
        let Some(image) = self.drafts[draft].image() else { return Ok(draft) };
        if seen.channel + 1 != seen.shape.len() && image.pixels() > 1 {
            return err("a picture where a list is needed");
        }
        let length = seen.shape.iter().product();
        self.push(Work::Flat(Flat::Of(image), vec![draft]), Form::List(length));
        Ok(self.drafts.len() - 1)
    }

    /// The constant of two inputs last.
    pub(super) fn constant_last(&self, [a, b]: [usize; 2]) -> [usize; 2] {
        if matches!(self.seen[a].value, Value::Constant(_)) { [b, a] } else { [a, b] }
    }
}
