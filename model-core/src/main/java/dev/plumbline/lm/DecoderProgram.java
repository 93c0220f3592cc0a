package dev.plumbline.lm;

import dev.plumbline.torch.Program;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder as one TorchScript program. B is the batch, T its longest sequence, N its tokens, V
 * the vocabulary, d the width; token ids and indices are int64, everything else float32 unless it
 * says otherwise.
 *
 * <p><b>Convention.</b> A batch holds no padding: its N tokens are rows, and everything but
 * attention works on rows. The tensors {@code x} say what they are and how they make sequences (see
 * {@link TokenBatch}):
 *
 * <pre>{@code
 * x = [ids [N], positions [N], place [B, T], back [N]]
 *   place[b, t]  row of token t of sequence b; beyond its end any row
 *   back[n]      b * T + t of one sequence that holds row n
 * }</pre>
 *
 * <p>A row may stand in several sequences that begin alike: a comparison's two responses share
 * their prompt's rows, which are computed once. Attention is causal, so what stands beyond a
 * sequence's end changes nothing before it. {@code at [M]} are the rows after which a token counts
 * and {@code wanted [M]} those tokens; results follow their order. Parameters {@code p} are the
 * model's tensors in the order of {@link LanguageModel#parameters()}; a stage may append its own
 * heads behind them.
 *
 * <p><b>Methods for further methods to build on</b> (differentiable where the caller is a loss):
 *
 * <pre>{@code
 * hidden(p, x) -> [N, d]          final residual stream, normed
 * logits(p, h) -> [..., V]        output matrix on hidden states [..., d]
 * picked(h, at) -> [M, d]         rows of a matrix
 * score_at(h, last, w) -> [B]     h[last[b]] . w for a head w [1, d]
 * }</pre>
 *
 * <p><b>Losses</b>
 *
 * <pre>{@code
 * lm_loss(p, x, at, wanted) -> [loss]
 *   loss = mean of -ln p(wanted), nats a token
 * pm_loss(p, x, last) -> [loss, scores, accuracy, margin]
 *   the batch is the B chosen, then the B rejected transcripts; last [2B], row of the
 *   end-of-context token; the head [1, d] is the last parameter; scores [2B], nats;
 *   loss = mean ln(1 + exp(r_rejected - r_chosen)) (paper section 3.1); accuracy = share with
 *   r_chosen > r_rejected, a tie counted as one half; margin = mean(r_chosen - r_rejected)
 * }</pre>
 *
 * <p><b>Without autograd</b>
 *
 * <pre>{@code
 * token_losses(p, x, at, wanted) -> [M]                  -ln p(wanted), nats
 * token_scores(p, x, at, wanted, temperature) -> [logprob, entropy]       each [M], nats
 * compared(p, q, x, at, wanted, temperature) -> [logprob, q_logprob, entropy, kl]  each [M]
 *   kl = sum over v of p(v) (ln p(v) - ln q(v)), exact over the vocabulary, at each position
 * next_logits(p, x, last) -> [B, V]
 * scores(p, x, last) -> [B]
 * activations(p, x, last) -> [layers + 1, B, d]
 *   residual stream at row last[b]: the embedding, then after each block
 * generate(p, ids, lengths, uniform, temperature, eos, pad) -> [tokens int64, logprobs, lengths]
 *   ids [B, P] padded at the LEFT, lengths [B]; uniform [B, N] float64 in [0, 1)
 * }</pre>
 *
 * All log-probabilities and entropies are those of {@code softmax(logits / temperature)}.
 */
public final class DecoderProgram {
  private DecoderProgram() {}

  /**
   * TorchScript methods that a stage adds to the decoder.
   *
   * @param text methods, each beginning {@code " def "}
   * @param losses the names among them that are differentiated
   */
  public record Extension(String text, List<String> losses) {}

  /** Compiles the decoder of a shape, with a stage's own methods. */
  public static Program compile(
      TorchRuntime runtime, DecoderConfig config, List<Extension> extensions) {
    StringBuilder text = new StringBuilder(source(config));
    List<String> losses = new ArrayList<>(List.of("lm_loss", "pm_loss"));
    for (Extension extension : extensions) {
      text.append('\n').append(extension.text());
      losses.addAll(extension.losses());
    }
    return Program.compile(runtime, text.toString(), losses);
  }

  /** The program's text for a shape. */
  static String source(DecoderConfig config) {
    int parameters = 2 + 9 * config.layers();
    return SOURCE
        .replace("LAYERS", Integer.toString(config.layers()))
        .replace("WIDTH", Integer.toString(config.dModel()))
        .replace("KV_HEADS", Integer.toString(config.kvHeads()))
        .replace("HEADS", Integer.toString(config.heads()))
        .replace("GROUP", Integer.toString(config.heads() / config.kvHeads()))
        .replace("HEAD", Integer.toString(config.headWidth()))
        .replace("HALF", Integer.toString(config.headWidth() / 2))
        .replace("FEED_FORWARD", Integer.toString(config.feedForward()))
        .replace("VOCABULARY", Integer.toString(config.vocabularySize()))
        .replace("EPSILON", Double.toString(config.normEpsilon()))
        .replace("THETA", Double.toString(config.ropeTheta()))
        .replace("FINAL_NORM", "p[" + (parameters - 1) + "]")
        .replace("OUTPUT", config.tiedEmbeddings() ? "p[0]" : "p[" + parameters + "]");
  }

  private static final String SOURCE =
      """
        def norm(self, x: Tensor, weight: Tensor) -> Tensor:
          return torch.rms_norm(x, [WIDTH], weight, EPSILON)

        def wavelengths(self, like: Tensor) -> Tensor:
          pairs = torch.arange(0, HALF, dtype=6, device=like.device)
          return torch.pow(THETA, pairs * (-1.0 / HALF))

        def rotation(self, positions: Tensor, like: Tensor) -> Tuple[Tensor, Tensor]:
          angles = torch.mul(positions.unsqueeze(-1), self.wavelengths(like))
          angles = torch.cat([angles, angles], -1)
          return (torch.cos(angles), torch.sin(angles))

        def rotated(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
          halves = torch.chunk(x, 2, -1)
          return x * cos + torch.cat([torch.neg(halves[1]), halves[0]], -1) * sin

        def feed_forward(self, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
          return torch.linear(torch.silu(torch.linear(x, gate)) * torch.linear(x, up), down)

        def picked(self, h: Tensor, at: Tensor) -> Tensor:
          # The backward of an embedding adds rows in parallel, that of an index does not.
          return torch.embedding(h, at)

        def block(self, p: List[Tensor], i: int, x: Tensor, cos: Tensor, sin: Tensor, place: Tensor, back: Tensor) -> Tensor:
          at = 1 + 9 * i
          N = x.size(0)
          B = place.size(0)
          T = place.size(1)
          qkv = torch.linear(self.norm(x, p[at]), torch.cat([p[at + 1], p[at + 2], p[at + 3]], 0)).view([N, -1, HEAD])
          # Gradients of a split are joined; those of a slice are each laid into a field of zeros.
          qk, v = torch.split_with_sizes(qkv, [HEADS + KV_HEADS, KV_HEADS], 1)
          rows = torch.cat([self.rotated(qk, cos, sin), v], 1).view([N, -1])
          padded = self.picked(rows, place).view([B, T, -1, HEAD]).transpose(1, 2)
          q, k, v = torch.split_with_sizes(padded, [HEADS, KV_HEADS, KV_HEADS], 1)
          if GROUP > 1:
            k = torch.repeat_interleave(k, GROUP, 1)
            v = torch.repeat_interleave(v, GROUP, 1)
          a = torch.scaled_dot_product_attention(q, k, v, None, 0.0, True)
          a = self.picked(a.transpose(1, 2).reshape([B * T, WIDTH]), back)
          x = x + torch.linear(a, p[at + 4])
          return x + self.feed_forward(self.norm(x, p[at + 5]), p[at + 6], p[at + 7], p[at + 8])

        def row_rotation(self, positions: Tensor, like: Tensor) -> Tuple[Tensor, Tensor]:
          cos, sin = self.rotation(positions, like)
          return (cos.unsqueeze(1), sin.unsqueeze(1))

        def hidden(self, p: List[Tensor], x: List[Tensor]) -> Tensor:
          h = torch.embedding(p[0], x[0])
          cos, sin = self.row_rotation(x[1], h)
          for i in range(LAYERS):
            h = self.block(p, i, h, cos, sin, x[2], x[3])
          return self.norm(h, FINAL_NORM)

        def logits(self, p: List[Tensor], h: Tensor) -> Tensor:
          return torch.linear(h, OUTPUT)

        def score_at(self, h: Tensor, last: Tensor, w: Tensor) -> Tensor:
          return torch.linear(self.picked(h, last), w).view([-1])

        def token_losses(self, p: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor) -> Tensor:
          h = self.picked(self.hidden(p, x), at)
          return torch.cross_entropy_loss(self.logits(p, h), wanted, None, 0)

        def lm_loss(self, p: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor) -> List[Tensor]:
          return [torch.mean(self.token_losses(p, x, at, wanted))]

        def pm_loss(self, p: List[Tensor], x: List[Tensor], last: Tensor) -> List[Tensor]:
          r = self.score_at(self.hidden(p, x), last, p[len(p) - 1])
          chosen, rejected = torch.chunk(r, 2)[0], torch.chunk(r, 2)[1]
          margins = chosen - rejected
          loss = torch.mean(torch.softplus(torch.neg(margins)))
          accuracy = torch.mean(torch.sign(margins) * 0.5 + 0.5)
          return [loss, r, accuracy, torch.mean(margins)]

        def log_probabilities(self, p: List[Tensor], x: List[Tensor], at: Tensor, temperature: float) -> Tensor:
          h = self.picked(self.hidden(p, x), at)
          return torch.log_softmax(self.logits(p, h) / temperature, -1)

        def token_scores(self, p: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor, temperature: float) -> List[Tensor]:
          l = self.log_probabilities(p, x, at, temperature)
          found = torch.gather(l, 1, wanted.unsqueeze(1)).view([-1])
          return [found, torch.neg(torch.sum(torch.exp(l) * l, -1))]

        def compared(self, p: List[Tensor], q: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor, temperature: float) -> List[Tensor]:
          t = wanted.unsqueeze(1)
          l = self.log_probabilities(p, x, at, temperature)
          m = self.log_probabilities(q, x, at, temperature)
          w = torch.exp(l)
          return [
            torch.gather(l, 1, t).view([-1]),
            torch.gather(m, 1, t).view([-1]),
            torch.neg(torch.sum(w * l, -1)),
            torch.sum(w * (l - m), -1)]

        def next_logits(self, p: List[Tensor], x: List[Tensor], last: Tensor) -> Tensor:
          return self.logits(p, self.picked(self.hidden(p, x), last))

        def scores(self, p: List[Tensor], x: List[Tensor], last: Tensor) -> Tensor:
          return self.score_at(self.hidden(p, x), last, p[len(p) - 1])

        def activations(self, p: List[Tensor], x: List[Tensor], last: Tensor) -> Tensor:
          h = torch.embedding(p[0], x[0])
          cos, sin = self.row_rotation(x[1], h)
          found = [self.picked(h, last)]
          for i in range(LAYERS):
            h = self.block(p, i, h, cos, sin, x[2], x[3])
            found.append(self.picked(h, last))
          return torch.stack(found, 0)

        def cached_block(self, p: List[Tensor], qkv: Tensor, i: int, x: Tensor, cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, start: int, blocked: Tensor) -> Tensor:
          at = 1 + 9 * i
          B = x.size(0)
          T = x.size(1)
          end = start + T
          h = torch.linear(self.norm(x, p[at]), qkv).view([B, T, -1, HEAD]).transpose(1, 2)
          qk = self.rotated(h[:, :HEADS + KV_HEADS], cos, sin)
          keys[:, :, start:end] = qk[:, HEADS:]
          values[:, :, start:end] = h[:, HEADS + KV_HEADS:]
          q = qk[:, :HEADS].reshape([B, KV_HEADS, GROUP * T, HEAD])
          a = torch.matmul(q, keys[:, :, :end].transpose(2, 3)) * (1.0 / (HEAD ** 0.5))
          a = torch.softmax(a.view([B, KV_HEADS, GROUP, T, end]) + blocked, -1)
          a = torch.matmul(a.view([B, KV_HEADS, GROUP * T, end]), values[:, :, :end])
          a = a.view([B, HEADS, T, HEAD]).transpose(1, 2).reshape([B, T, WIDTH])
          x = x + torch.linear(a, p[at + 4])
          return x + self.feed_forward(self.norm(x, p[at + 5]), p[at + 6], p[at + 7], p[at + 8])

        def generate(self, p: List[Tensor], ids: Tensor, lengths: Tensor, uniform: Tensor, temperature: float, eos: int, pad: int) -> List[Tensor]:
          B = ids.size(0)
          P = ids.size(1)
          N = uniform.size(1)
          joined = annotate(List[Tensor], [])
          caches = annotate(List[Tensor], [])
          for i in range(LAYERS):
            at = 1 + 9 * i
            joined.append(torch.cat([p[at + 1], p[at + 2], p[at + 3]], 0))
            caches.append(torch.zeros([B, KV_HEADS, P + N, HEAD], dtype=p[0].dtype, device=ids.device))
            caches.append(torch.zeros([B, KV_HEADS, P + N, HEAD], dtype=p[0].dtype, device=ids.device))
          # Columns before a prompt's first token are padding: nobody looks at them but they themselves.
          padding = P - lengths
          columns = torch.arange(P + N, device=ids.device)
          hole = torch.lt(columns.unsqueeze(0), padding.unsqueeze(1))
          future = torch.gt(columns[:P].unsqueeze(0), columns[:P].unsqueeze(1))
          self_only = torch.ne(columns[:P].unsqueeze(0), columns[:P].unsqueeze(1))
          blocked = torch.__or__(future.unsqueeze(0), torch.__and__(hole[:, :P].unsqueeze(1), self_only.unsqueeze(0)))
          none = torch.zeros([1], dtype=p[0].dtype, device=ids.device)
          bias = torch.masked_fill(none.expand(blocked.size()), blocked, -inf).view([B, 1, 1, P, P])
          hole_bias = torch.masked_fill(none.expand(hole.size()), hole, -inf).view([B, 1, 1, 1, P + N])
          positions = torch.clamp(columns.unsqueeze(0) - padding.unsqueeze(1), 0)
          cos, sin = self.rotation(positions.unsqueeze(1), p[0])

          tokens = torch.full([B, N], pad, dtype=4, device=ids.device)
          logprobs = torch.zeros([B, N], dtype=p[0].dtype, device=ids.device)
          ended = torch.zeros([B], dtype=11, device=ids.device)
          counts = torch.zeros([B], dtype=4, device=ids.device)
          x = torch.embedding(p[0], ids)
          start = 0
          going = N > 0
          step = 0
          while going:
            end = start + x.size(1)
            for i in range(LAYERS):
              x = self.cached_block(p, joined[i], i, x, cos[:, :, start:end], sin[:, :, start:end], caches[2 * i], caches[2 * i + 1], start, bias)
            l = self.logits(p, self.norm(x[:, -1], FINAL_NORM))
            if temperature > 0.0:
              l = torch.log_softmax(l / temperature, -1)
              cumulative = torch.cumsum(torch.exp(l.to(7)), -1)
              drawn = uniform[:, step:step + 1] * cumulative[:, -1:]
              token = torch.clamp(torch.sum(torch.le(cumulative, drawn), [1]), 0, VOCABULARY - 1)
            else:
              l = torch.log_softmax(l, -1)
              token = torch.argmax(l, -1)
            chosen = torch.gather(l, 1, token.unsqueeze(1)).view([-1])
            tokens[:, step] = torch.masked_fill(token, ended, pad)
            logprobs[:, step] = torch.masked_fill(chosen, ended, 0.0)
            counts = counts + torch.bitwise_not(ended)
            ended = torch.__or__(ended, torch.eq(token, eos))
            step = step + 1
            start = end
            if step < N:
              going = not bool(torch.all(ended))
            else:
              going = False
            if going:
              x = torch.embedding(p[0], token.unsqueeze(1))
              bias = hole_bias[:, :, :, :, :start + 1]
          return [tokens, logprobs, counts]
      """;
}
