package dev.plumbline.lm;

import dev.plumbline.lm.DecoderOptions.Bias;
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
 *
 * <p><b>Text.</b> One template serves all families: {@link #SHARED} is the same for every decoder
 * and calls small methods whose text follows the {@link DecoderOptions}. Words in capitals and
 * names of tensors in braces are filled in by {@link ProgramText}.
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
    DecoderOptions options = config.options();
    String text =
        String.join(
            "\n",
            norm(options),
            positions(config),
            attention(options),
            feedForward(options),
            residual(options),
            SHARED,
            logits(config));
    return ProgramText.of(config).fill(text);
  }

  /** The norm whose weight is tensor {@code at}; its bias, where there is one, follows. */
  private static String norm(DecoderOptions options) {
    String expression =
        switch (options.norm()) {
          case RMS -> "torch.rms_norm(x, [WIDTH], p[at], EPSILON)";
          case RMS_FROM_ONE -> "torch.rms_norm(x, [WIDTH], p[at] + 1.0, EPSILON)";
          case LAYER -> "torch.layer_norm(x, [WIDTH], p[at], p[at + 1], EPSILON)";
        };
    return """
      def norm(self, p: List[Tensor], at: int, x: Tensor) -> Tensor:
        return EXPRESSION
    """
        .replace("EXPRESSION", expression);
  }

  /**
   * What a position does: to embeddings where it is learned, to queries and keys where it is
   * rotary. {@code turns} are cosines and sines, or nothing.
   */
  private static String positions(DecoderConfig config) {
    String embedding = "torch.embedding(p[0], ids)";
    if (config.options().embeddingScale() != 1) {
      embedding += " * EMBEDDING_SCALE";
    }
    if (!(config.options().positions() instanceof Positions.Rotary rotary)) {
      return LEARNED.replace("EMBEDDING", embedding);
    }
    String scaled = rotary.scaling() instanceof Positions.Unscaled ? "" : SCALED_WAVELENGTHS;
    String part = rotary.width(config.headWidth()) < config.headWidth() ? ROTATED_PART : ROTATED;
    return ROTARY.replace("EMBEDDING", embedding).replace("SCALED", scaled) + "\n" + part;
  }

  private static String attention(DecoderOptions options) {
    boolean biased = options.has(Bias.QUERY_KEY_VALUE);
    boolean rotary = options.positions() instanceof Positions.Rotary;
    StringBuilder turned = new StringBuilder(TURNED);
    if (options.headNorm()) {
      turned.append(HEAD_NORM);
    }
    turned.append(rotary ? "    return self.rotated(qk, turns)\n" : "    return qk\n");
    return String.join(
        "\n",
        biased ? JOINED_WITH_BIASES : JOINED,
        turned,
        rotary || options.headNorm() ? TURNED_ROWS : ROWS,
        options.slidingWindow() > 0 ? ATTENDED_WITHIN : ATTENDED,
        options.slidingWindow() > 0 ? HIDDEN_COLUMNS_WITHIN : HIDDEN_COLUMNS);
  }

  private static String feedForward(DecoderOptions options) {
    String up = linear(options, "mlp.up_proj", "x", Bias.FEED_FORWARD);
    String inner =
        options.activation().gated()
            ? options.activation().of(linear(options, "mlp.gate_proj", "x", Bias.FEED_FORWARD))
                + " * "
                + up
            : options.activation().of(up);
    return """
      def feed_forward(self, p: List[Tensor], at: int, x: Tensor) -> Tensor:
        return OUTER
    """
        .replace("OUTER", linear(options, "mlp.down_proj", inner, Bias.FEED_FORWARD));
  }

  /** The block's end: x is the residual stream, n its norm, a the attention's output. */
  private static String residual(DecoderOptions options) {
    String attention = linear(options, "self_attn.o_proj", "a", Bias.ATTENTION_OUTPUT);
    String second = "self.norm(p, at + {post_attention_layernorm.weight}, x)";
    String body =
        switch (options.residual()) {
          case SEQUENTIAL ->
              "    x = x + ATTENTION\n    return x + self.feed_forward(p, at, SECOND)\n";
          case PARALLEL -> "    return x + ATTENTION + self.feed_forward(p, at, SECOND)\n";
          case PARALLEL_ONE_NORM -> "    return x + ATTENTION + self.feed_forward(p, at, n)\n";
        };
    return "  def added(self, p: List[Tensor], at: int, x: Tensor, n: Tensor, a: Tensor) ->"
        + " Tensor:\n"
        + body.replace("ATTENTION", attention).replace("SECOND", second);
  }

  private static String logits(DecoderConfig config) {
    String weight = config.tiedEmbeddings() ? "p[0]" : "p[{lm_head.weight}]";
    String bias = config.options().has(Bias.LOGITS) ? ", p[{lm_head.bias}]" : "";
    return """
      def logits(self, p: List[Tensor], h: Tensor) -> Tensor:
        return torch.linear(h, OUTPUT)
    """
        .replace("OUTPUT", weight + bias);
  }

  private static String linear(DecoderOptions options, String name, String x, Bias bias) {
    return "torch.linear("
        + x
        + ", p[at + {"
        + name
        + ".weight}]"
        + (options.has(bias) ? ", p[at + {" + name + ".bias}]" : "")
        + ")";
  }

  private static final String LEARNED =
      """
        def embedded(self, p: List[Tensor], ids: Tensor, positions: Tensor) -> Tensor:
          return EMBEDDING + torch.embedding(p[{model.embed_positions.weight}], positions)

        def embedded_between(self, p: List[Tensor], ids: Tensor, positions: Tensor, start: int, end: int) -> Tensor:
          return self.embedded(p, ids, positions[:, start:end])

        def rotation(self, positions: Tensor, like: Tensor) -> List[Tensor]:
          return annotate(List[Tensor], [])

        def row_rotation(self, positions: Tensor, like: Tensor) -> List[Tensor]:
          return annotate(List[Tensor], [])

        def turns_between(self, turns: List[Tensor], start: int, end: int) -> List[Tensor]:
          return turns
      """;

  private static final String SCALED_WAVELENGTHS =
      " * torch.tensor([FACTORS], dtype=6, device=like.device)";

  private static final String ROTARY =
      """
        def embedded(self, p: List[Tensor], ids: Tensor, positions: Tensor) -> Tensor:
          return EMBEDDING

        def embedded_between(self, p: List[Tensor], ids: Tensor, positions: Tensor, start: int, end: int) -> Tensor:
          return self.embedded(p, ids, positions)

        def wavelengths(self, like: Tensor) -> Tensor:
          pairs = torch.arange(0, PAIRS, dtype=6, device=like.device)
          return torch.pow(THETA, pairs * (-1.0 / PAIRS))SCALED

        def rotation(self, positions: Tensor, like: Tensor) -> List[Tensor]:
          angles = torch.mul(positions.unsqueeze(-1), self.wavelengths(like))
          angles = torch.cat([angles, angles], -1)
          return [torch.cos(angles), torch.sin(angles)]

        def row_rotation(self, positions: Tensor, like: Tensor) -> List[Tensor]:
          turns = self.rotation(positions, like)
          return [turns[0].unsqueeze(1), turns[1].unsqueeze(1)]

        def turns_between(self, turns: List[Tensor], start: int, end: int) -> List[Tensor]:
          return [turns[0][:, :, start:end], turns[1][:, :, start:end]]
      """;

  private static final String ROTATED =
      """
        def rotated(self, x: Tensor, turns: List[Tensor]) -> Tensor:
          halves = torch.chunk(x, 2, -1)
          return x * turns[0] + torch.cat([torch.neg(halves[1]), halves[0]], -1) * turns[1]
      """;

  private static final String ROTATED_PART =
      """
        def rotated(self, x: Tensor, turns: List[Tensor]) -> Tensor:
          t, kept = torch.split_with_sizes(x, [ROTARY, HEAD - ROTARY], -1)
          halves = torch.chunk(t, 2, -1)
          t = t * turns[0] + torch.cat([torch.neg(halves[1]), halves[0]], -1) * turns[1]
          return torch.cat([t, kept], -1)
      """;

  /** One matrix product makes queries, keys and values. */
  private static final String JOINED =
      """
        def joined(self, p: List[Tensor], at: int) -> List[Tensor]:
          return [torch.cat([p[at + {self_attn.q_proj.weight}], p[at + {self_attn.k_proj.weight}], p[at + {self_attn.v_proj.weight}]], 0)]

        def projected(self, x: Tensor, qkv: List[Tensor]) -> Tensor:
          return torch.linear(x, qkv[0])
      """;

  private static final String JOINED_WITH_BIASES =
      """
        def joined(self, p: List[Tensor], at: int) -> List[Tensor]:
          return [
            torch.cat([p[at + {self_attn.q_proj.weight}], p[at + {self_attn.k_proj.weight}], p[at + {self_attn.v_proj.weight}]], 0),
            torch.cat([p[at + {self_attn.q_proj.bias}], p[at + {self_attn.k_proj.bias}], p[at + {self_attn.v_proj.bias}]], 0)]

        def projected(self, x: Tensor, qkv: List[Tensor]) -> Tensor:
          return torch.linear(x, qkv[0], qkv[1])
      """;

  /** Queries and keys as attention needs them; heads are dimension 1. */
  private static final String TURNED =
      "  def turned(self, p: List[Tensor], at: int, qk: Tensor, turns: List[Tensor]) -> Tensor:\n";

  private static final String HEAD_NORM =
      """
          q, k = torch.split_with_sizes(qk, [HEADS, KV_HEADS], 1)
          q = torch.rms_norm(q, [HEAD], p[at + {self_attn.q_norm.weight}], EPSILON)
          k = torch.rms_norm(k, [HEAD], p[at + {self_attn.k_norm.weight}], EPSILON)
          qk = torch.cat([q, k], 1)
      """;

  private static final String TURNED_ROWS =
      """
        def turned_rows(self, p: List[Tensor], at: int, rows: Tensor, turns: List[Tensor]) -> Tensor:
          # Gradients of a split are joined; those of a slice are each laid into a field of zeros.
          qk, v = torch.split_with_sizes(rows.view([rows.size(0), -1, HEAD]), [HEADS + KV_HEADS, KV_HEADS], 1)
          return torch.cat([self.turned(p, at, qk, turns), v], 1).view([rows.size(0), -1])
      """;

  private static final String ROWS =
      """
        def turned_rows(self, p: List[Tensor], at: int, rows: Tensor, turns: List[Tensor]) -> Tensor:
          return rows
      """;

  private static final String ATTENDED =
      """
        def attended(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
          return torch.scaled_dot_product_attention(q, k, v, None, 0.0, True)
      """;

  /** A batch that fits into the window needs no mask of its own. */
  private static final String ATTENDED_WITHIN =
      """
        def attended(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
          T = q.size(2)
          if T <= WINDOW:
            return torch.scaled_dot_product_attention(q, k, v, None, 0.0, True)
          columns = torch.arange(T, device=q.device)
          ago = columns.unsqueeze(1) - columns.unsqueeze(0)
          seen = torch.__and__(torch.ge(ago, 0), torch.lt(ago, WINDOW))
          return torch.scaled_dot_product_attention(q, k, v, seen, 0.0, False)
      """;

  /** While sampling: which columns the prompt's tokens, and then the next one, do not see. */
  private static final String HIDDEN_COLUMNS =
      """
        def hidden_columns(self, columns: Tensor) -> Tensor:
          return torch.gt(columns.unsqueeze(0), columns.unsqueeze(1))

        def next_bias(self, hole_bias: Tensor, end: int) -> Tensor:
          return hole_bias[:, :, :, :, :end]
      """;

  private static final String HIDDEN_COLUMNS_WITHIN =
      """
        def hidden_columns(self, columns: Tensor) -> Tensor:
          ago = columns.unsqueeze(1) - columns.unsqueeze(0)
          return torch.__or__(torch.lt(ago, 0), torch.ge(ago, WINDOW))

        def next_bias(self, hole_bias: Tensor, end: int) -> Tensor:
          if end > WINDOW:
            hole_bias[:, :, :, :, :end - WINDOW] = -inf
          return hole_bias[:, :, :, :, :end]
      """;

  private static final String SHARED =
      """
        def picked(self, h: Tensor, at: Tensor) -> Tensor:
          # The backward of an embedding adds rows in parallel, that of an index does not.
          return torch.embedding(h, at)

        def block(self, p: List[Tensor], i: int, x: Tensor, turns: List[Tensor], place: Tensor, back: Tensor) -> Tensor:
          at = FIRST + STRIDE * i
          B = place.size(0)
          T = place.size(1)
          n = self.norm(p, at + {input_layernorm.weight}, x)
          rows = self.turned_rows(p, at, self.projected(n, self.joined(p, at)), turns)
          padded = self.picked(rows, place).view([B, T, -1, HEAD]).transpose(1, 2)
          q, k, v = torch.split_with_sizes(padded, [HEADS, KV_HEADS, KV_HEADS], 1)
          if GROUP > 1:
            k = torch.repeat_interleave(k, GROUP, 1)
            v = torch.repeat_interleave(v, GROUP, 1)
          a = self.attended(q, k, v)
          a = self.picked(a.transpose(1, 2).reshape([B * T, ATTENTION]), back)
          return self.added(p, at, x, n, a)

        def hidden(self, p: List[Tensor], x: List[Tensor]) -> Tensor:
          h = self.embedded(p, x[0], x[1])
          turns = self.row_rotation(x[1], h)
          for i in range(LAYERS):
            h = self.block(p, i, h, turns, x[2], x[3])
          return self.norm(p, {model.norm.weight}, h)

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
          h = self.embedded(p, x[0], x[1])
          turns = self.row_rotation(x[1], h)
          found = [self.picked(h, last)]
          for i in range(LAYERS):
            h = self.block(p, i, h, turns, x[2], x[3])
            found.append(self.picked(h, last))
          return torch.stack(found, 0)

        def cached_block(self, p: List[Tensor], qkv: List[Tensor], i: int, x: Tensor, turns: List[Tensor], keys: Tensor, values: Tensor, start: int, blocked: Tensor) -> Tensor:
          at = FIRST + STRIDE * i
          B = x.size(0)
          T = x.size(1)
          end = start + T
          n = self.norm(p, at + {input_layernorm.weight}, x)
          h = self.projected(n, qkv).view([B, T, -1, HEAD]).transpose(1, 2)
          qk = self.turned(p, at, h[:, :HEADS + KV_HEADS], turns)
          keys[:, :, start:end] = qk[:, HEADS:]
          values[:, :, start:end] = h[:, HEADS + KV_HEADS:]
          q = qk[:, :HEADS].reshape([B, KV_HEADS, GROUP * T, HEAD])
          a = torch.matmul(q, keys[:, :, :end].transpose(2, 3)) * (1.0 / (HEAD ** 0.5))
          a = torch.softmax(a.view([B, KV_HEADS, GROUP, T, end]) + blocked, -1)
          a = torch.matmul(a.view([B, KV_HEADS, GROUP * T, end]), values[:, :, :end])
          a = a.view([B, HEADS, T, HEAD]).transpose(1, 2).reshape([B, T, ATTENTION])
          return self.added(p, at, x, n, a)

        def generate(self, p: List[Tensor], ids: Tensor, lengths: Tensor, uniform: Tensor, temperature: float, eos: int, pad: int) -> List[Tensor]:
          B = ids.size(0)
          P = ids.size(1)
          N = uniform.size(1)
          joined = annotate(List[List[Tensor]], [])
          caches = annotate(List[Tensor], [])
          for i in range(LAYERS):
            joined.append(self.joined(p, FIRST + STRIDE * i))
            caches.append(torch.zeros([B, KV_HEADS, P + N, HEAD], dtype=p[0].dtype, device=ids.device))
            caches.append(torch.zeros([B, KV_HEADS, P + N, HEAD], dtype=p[0].dtype, device=ids.device))
          # Columns before a prompt's first token are padding: nobody looks at them but they themselves.
          padding = P - lengths
          columns = torch.arange(P + N, device=ids.device)
          hole = torch.lt(columns.unsqueeze(0), padding.unsqueeze(1))
          unseen = self.hidden_columns(columns[:P])
          self_only = torch.ne(columns[:P].unsqueeze(0), columns[:P].unsqueeze(1))
          blocked = torch.__or__(unseen.unsqueeze(0), torch.__and__(hole[:, :P].unsqueeze(1), self_only.unsqueeze(0)))
          none = torch.zeros([1], dtype=p[0].dtype, device=ids.device)
          bias = torch.masked_fill(none.expand(blocked.size()), blocked, -inf).view([B, 1, 1, P, P])
          hole_bias = torch.masked_fill(none.expand(hole.size()), hole, -inf).view([B, 1, 1, 1, P + N])
          positions = torch.clamp(columns.unsqueeze(0) - padding.unsqueeze(1), 0)
          turns = self.rotation(positions.unsqueeze(1), p[0])

          tokens = torch.full([B, N], pad, dtype=4, device=ids.device)
          logprobs = torch.zeros([B, N], dtype=p[0].dtype, device=ids.device)
          ended = torch.zeros([B], dtype=11, device=ids.device)
          counts = torch.zeros([B], dtype=4, device=ids.device)
          x = self.embedded_between(p, ids, positions, 0, P)
          start = 0
          going = N > 0
          step = 0
          while going:
            end = start + x.size(1)
            now = self.turns_between(turns, start, end)
            for i in range(LAYERS):
              x = self.cached_block(p, joined[i], i, x, now, caches[2 * i], caches[2 * i + 1], start, bias)
            l = self.logits(p, self.norm(p, {model.norm.weight}, x[:, -1]))
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
              x = self.embedded_between(p, token.unsqueeze(1), positions, start, start + 1)
              bias = self.next_bias(hole_bias, start + 1)
          return [tokens, logprobs, counts]
      """;
}
