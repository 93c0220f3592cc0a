package dev.plumbline.lm;

import dev.plumbline.lm.DecoderOptions.Bias;
import dev.plumbline.torch.GradientForm;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
 * pm_weighted_loss(p, x, last, weights) -> as pm_loss, but
 *   loss = mean weights[b] ln(1 + exp(r_rejected - r_chosen)), weights [B] (paper section 5.1.2)
 * distillation_loss(p, x, at, top, logprob, remainder) -> [loss, agreement]
 *   a student against what teacher_top gave at the same M positions; loss = mean over positions of
 *   the divergence in k + 1 categories, sum over the k of P (ln P - ln Q), and the same for what
 *   remains (paper appendix A.1), nats a token; agreement = share with the same likeliest token
 * }</pre>
 *
 * <p><b>Without autograd</b>
 *
 * <pre>{@code
 * token_losses(p, x, at, wanted) -> [M]                  -ln p(wanted), nats
 * token_scores(p, x, at, wanted, temperature) -> [logprob, entropy]       each [M], nats
 * compared(p, q, x, at, wanted, temperature) -> [logprob, q_logprob, entropy, kl]  each [M]
 *   kl = sum over v of p(v) (ln p(v) - ln q(v)), exact over the vocabulary, at each position
 * teacher_top(p, x, at, k, width) -> [top [M, k] int64, logprob [M, k], remainder [M]]
 *   the k likeliest of the first width tokens at each position, the likeliest first, their ln p,
 *   and the ln of what remains for all others
 * distillation_losses(p, x, at, top, logprob, remainder) -> [losses, agree]  each [M]
 * next_logits(p, x, last) -> [B, V]
 * scores(p, x, last) -> [B]
 * activations(p, x, last) -> [layers + 1, B, d]
 *   residual stream at row last[b]: the embedding, then after each block
 * }</pre>
 *
 * A method {@code NAME_of(p, h, ...)} takes the hidden states; {@code NAME(p, x, ...)} is made from
 * it, and so is its gradient method, which computes them in one piece or block by block ({@link
 * CheckpointedGradients}).
 *
 * <p>All log-probabilities and entropies are those of {@code softmax(logits / temperature)}.
 *
 * <p><b>Sampling</b> is a program of its own from the same template, with the methods of {@link
 * SamplingText}; its tensors are prepared once for thousands of small products.
 *
 * <p><b>Text.</b> One template serves all families: {@link #SHARED} is the same for every decoder
 * and calls small methods whose text follows the {@link DecoderOptions}. Words in capitals and
 * names of tensors in braces are filled in by {@link ProgramText}; {@code {narrow}} and {@code
 * {wide}} stand where mixed precision changes the numbers' width.
 */
public final class DecoderProgram {
  private DecoderProgram() {}

  /**
   * TorchScript methods that a stage adds to the decoder.
   *
   * @param text methods, each beginning {@code " def "}
   * @param losses the names among them that are differentiated; for NAME the text has {@code
   *     NAME_of(self, p: List[Tensor], h: Tensor, ...)}
   */
  public record Extension(String text, List<String> losses) {}

  /** What a program is for. */
  private enum Way {
    /** Whole sequences, over the model's own tensors, with or without gradients. */
    SEQUENCES,
    /** A token at a time, over what the program's method {@code prepared} makes of the tensors. */
    SAMPLING
  }

  /** The decoder's own losses. */
  private static final List<String> LOSSES =
      List.of("lm_loss", "pm_loss", "pm_weighted_loss", "distillation_loss");

  /**
   * Compiles the decoder of a shape, with a stage's own methods.
   *
   * @param lora the adapters whose tensors follow the decoder's own in the parameter list, or null
   */
  public static Program compile(
      TorchRuntime runtime,
      DecoderConfig config,
      ComputeOptions compute,
      @Nullable Lora lora,
      List<Extension> extensions) {
    StringBuilder text = new StringBuilder(template(config, compute, lora));
    List<String> losses = new ArrayList<>(LOSSES);
    for (Extension extension : extensions) {
      text.append('\n').append(extension.text());
      losses.addAll(extension.losses());
    }
    ProgramText filler = ProgramText.of(config, compute, lora);
    String methods = filler.fill(text + "\n" + entries(text.toString(), losses));
    return Program.compile(
        runtime,
        methods,
        losses,
        compute.activationCheckpointing()
            ? (loss, signature) -> filler.fill(new CheckpointedGradients().text(loss, signature))
            : GradientForm.WHOLE);
  }

  /** Compiles what samples from the decoder of a shape. */
  static Program sampling(TorchRuntime runtime, DecoderConfig config, ComputeOptions compute) {
    Linear linear = new Linear(config.options(), null, Way.SAMPLING);
    String text =
        String.join(
            "\n",
            decoder(config, compute, linear, Way.SAMPLING),
            linear.prepared(config),
            SamplingText.TEXT);
    return Program.compile(runtime, ProgramText.of(config, compute, null).fill(text), List.of());
  }

  /** For each loss the method that computes the hidden states first. */
  private static String entries(String text, List<String> losses) {
    StringBuilder entries = new StringBuilder();
    for (String loss : losses) {
      Matcher matcher =
          Pattern.compile(
                  "  def "
                      + loss
                      + "_of\\(self, p: List\\[Tensor], h: Tensor((?:, \\w+: [\\w\\[\\]]+)*)\\)")
              .matcher(text);
      if (!matcher.find()) {
        throw new IllegalArgumentException("no method " + loss + "_of in the program");
      }
      String arguments = matcher.group(1);
      entries.append(
          """
            def LOSS(self, p: List[Tensor], x: List[Tensor]ARGUMENTS) -> List[Tensor]:
              return self.LOSS_of(p, self.hidden(p, x)PASSED)
          """
              .replace("LOSS", loss)
              .replace("ARGUMENTS", arguments)
              .replace("PASSED", arguments.replaceAll(": [\\w\\[\\]]+", "")));
    }
    return entries.toString();
  }

  private static String template(
      DecoderConfig config, ComputeOptions compute, @Nullable Lora lora) {
    Linear linear = new Linear(config.options(), lora, Way.SEQUENCES);
    return String.join(
        "\n",
        decoder(config, compute, linear, Way.SEQUENCES),
        SHARED,
        lora == null ? "" : linear.merged());
  }

  /** The methods that follow the options, for both ways. */
  private static String decoder(
      DecoderConfig config, ComputeOptions compute, Linear linear, Way way) {
    return String.join(
        "\n",
        norm(config.options(), way),
        positions(config),
        attention(config.options(), linear),
        feedForward(config.options(), linear),
        dropout(compute),
        residual(config.options(), linear, compute),
        logits(config, way));
  }

  /**
   * The norm whose weight is tensor {@code at}; its bias, where there is one, follows. The
   * library's root-mean-square norm is eight operations. Sampling's is five, because it is {@code x
   * sqrt(d) w / sqrt(|x|^2 + d epsilon)}, and {@code sqrt(d) w} is prepared.
   */
  private static String norm(DecoderOptions options, Way way) {
    boolean sampling = way == Way.SAMPLING;
    String expression =
        switch (options.norm()) {
          case RMS -> sampling ? PREPARED_RMS : "torch.rms_norm(x, [WIDTH], p[at], EPSILON)";
          case RMS_FROM_ONE ->
              sampling ? PREPARED_RMS : "torch.rms_norm(x, [WIDTH], p[at] + 1.0, EPSILON)";
          case LAYER -> "torch.layer_norm(x, [WIDTH], p[at], p[at + 1], EPSILON)";
        };
    return """
      def norm(self, p: List[Tensor], at: int, x: Tensor) -> Tensor:
        return EXPRESSION
    """
        .replace("EXPRESSION", expression);
  }

  /** The last but one of the prepared tensors is d epsilon. */
  private static final String PREPARED_RMS = "x * self.inverse_length(x, p[-2]) * p[at]";

  private static final String INVERSE_LENGTH =
      """
        def inverse_length(self, x: Tensor, more: Tensor) -> Tensor:
          length = torch.linalg_vector_norm(x, 2, [-1], True)
          return torch.rsqrt(torch.addcmul(more, length, length))
      """;

  /**
   * What a position does: to embeddings where it is learned, to queries and keys where it is
   * rotary. {@code turns} are cosines and sines, or nothing.
   */
  private static String positions(DecoderConfig config) {
    String embedding = "torch.embedding(p[0], ids){narrow}{wide}";
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

  private static String attention(DecoderOptions options, Linear linear) {
    boolean rotary = options.positions() instanceof Positions.Rotary;
    StringBuilder turned = new StringBuilder(TURNED);
    if (options.headNorm()) {
      turned.append(HEAD_NORM);
    }
    turned.append(
        rotary ? "    return self.rotated(qk, turns){narrow}\n" : "    return qk{narrow}\n");
    return String.join(
        "\n",
        linear.joined(),
        turned,
        rotary || options.headNorm() ? TURNED_ROWS : ROWS,
        options.slidingWindow() > 0 ? ATTENDED_WITHIN : ATTENDED,
        options.slidingWindow() > 0 ? HIDDEN_COLUMNS_WITHIN : HIDDEN_COLUMNS);
  }

  private static String feedForward(DecoderOptions options, Linear linear) {
    String up = linear.of("mlp.up_proj", "x", Bias.FEED_FORWARD);
    String inner =
        options.activation().gated()
            ? options.activation().of(linear.of("mlp.gate_proj", "x", Bias.FEED_FORWARD))
                + " * ("
                + up
                + ")"
            : options.activation().of(up);
    return """
      def feed_forward(self, p: List[Tensor], at: int, x: Tensor) -> Tensor:
        y = INNER
        return OUTER
    """
        .replace("INNER", inner)
        .replace("OUTER", linear.of("mlp.down_proj", "y", Bias.FEED_FORWARD));
  }

  /** Numbers are dropped by a hash of their place under the batch's key, if it has one. */
  private static String dropout(ComputeOptions compute) {
    return compute.dropout() == 0 ? "" : DROPPED;
  }

  /** The block's end: x is the residual stream, n its norm, a the attention's output. */
  private static String residual(DecoderOptions options, Linear linear, ComputeOptions compute) {
    boolean drops = compute.dropout() > 0;
    String attention = linear.of("self_attn.o_proj", "a", Bias.ATTENTION_OUTPUT);
    String second = "self.norm(p, at + {post_attention_layernorm.weight}, x)";
    String body =
        switch (options.residual()) {
          case SEQUENTIAL ->
              "    x = x + (ATTENTION)\n    return x + DROP_FF(self.feed_forward(p, at, SECOND))\n";
          case PARALLEL ->
              "    return x + (ATTENTION) + DROP_FF(self.feed_forward(p, at, SECOND))\n";
          case PARALLEL_ONE_NORM ->
              "    return x + (ATTENTION) + DROP_FF(self.feed_forward(p, at, n))\n";
        };
    return "  def added(self, p: List[Tensor], at: int, x: Tensor, n: Tensor, a: Tensor, batch:"
        + " List[Tensor]) -> Tensor:\n"
        + body.replace(
                "(ATTENTION)", drops ? "self.dropped(ATTENTION, batch, 2 * at)" : "(ATTENTION)")
            .replaceAll(
                "DROP_FF\\((.*)\\)\n", drops ? "self.dropped($1, batch, 2 * at + 1)\n" : "$1\n")
            .replace("ATTENTION", attention)
            .replace("SECOND", second)
        + "\n"
        + (drops ? ENTERED.replace("EMBEDDED", "self.dropped(EMBEDDED, batch, 0)") : ENTERED)
            .replace("EMBEDDED", "self.embedded(p, batch[0], batch[1])");
  }

  private static String logits(DecoderConfig config, Way way) {
    String bias = config.options().has(Bias.LOGITS) ? "p[{lm_head.bias}]{narrow}" : "";
    return """
      def logits(self, p: List[Tensor], h: Tensor) -> Tensor:
        return PRODUCT{wide}
    """
        .replace(
            "PRODUCT",
            way == Way.SAMPLING
                ? Linear.product("h", "p[-1]", bias)
                : Linear.linear("h", output(config), bias));
  }

  private static String output(DecoderConfig config) {
    return config.tiedEmbeddings() ? "p[0]" : "p[{lm_head.weight}]";
  }

  /**
   * The linear maps of a block, with their biases and adapters. Queries, keys and values are one
   * product; so are their adapters, whose B matrices stand along a diagonal.
   */
  private record Linear(DecoderOptions options, @Nullable Lora lora, Way way) {
    private static final List<Lora.Target> QUERY_KEY_VALUE =
        List.of(Lora.Target.Q_PROJ, Lora.Target.K_PROJ, Lora.Target.V_PROJ);

    private boolean adapted(String name) {
      return lora != null && lora.on(name);
    }

    private static String adapter(String name, String part) {
      return "p[self.adapters(at) + {" + name + ".lora_" + part + ".weight}]";
    }

    /** The map of a variable x by a matrix as files have it; the bias may be empty. */
    static String linear(String x, String weight, String bias) {
      return "torch.linear("
          + x
          + "{narrow}, "
          + weight
          + "{narrow}"
          + (bias.isEmpty() ? ")" : ", " + bias + ")");
    }

    /** The map of rows x by a prepared matrix. */
    static String product(String x, String columns, String bias) {
      return (bias.isEmpty() ? "torch.mm(" : "torch.addmm(" + bias + ", ")
          + x
          + "{narrow}, "
          + columns
          + ")";
    }

    /** The map of a variable x. */
    String of(String name, String x, Bias bias) {
      String weight = "p[at + {" + name + ".weight}]";
      String added = options.has(bias) ? "p[at + {" + name + ".bias}]{narrow}" : "";
      if (way == Way.SAMPLING) {
        return product(x, weight, added);
      }
      String text = linear(x, weight, added);
      return adapted(name)
          ? "(" + text + added(x, adapter(name, "a"), adapter(name, "b") + " * LORA_SCALE") + ")"
          : text;
    }

    private static String added(String x, String a, String b) {
      return " + torch.linear(torch.linear(X{narrow}, (A){narrow}), (B){narrow})"
          .replace("X", x)
          .replace("(A)", "(" + a + ")")
          .replace("(B)", "(" + b + ")");
    }

    /** Queries, keys and values: what their product needs, and the product. */
    String joined() {
      if (way == Way.SAMPLING) {
        return """
          def projected(self, x: Tensor, p: List[Tensor], at: int) -> Tensor:
            return PRODUCT
        """
            .replace("PRODUCT", of(Lora.Target.Q_PROJ.module(), "x", Bias.QUERY_KEY_VALUE));
      }
      boolean biased = options.has(Bias.QUERY_KEY_VALUE);
      List<String> parts = new ArrayList<>();
      parts.add(
          cat(QUERY_KEY_VALUE.stream().map(t -> "p[at + {" + t.module() + ".weight}]").toList()));
      String product = "torch.linear(x{narrow}, qkv[0]{narrow}";
      if (biased) {
        parts.add(
            cat(QUERY_KEY_VALUE.stream().map(t -> "p[at + {" + t.module() + ".bias}]").toList()));
        product += ", qkv[1]{narrow}";
      }
      product += ")";
      List<Lora.Target> targets =
          QUERY_KEY_VALUE.stream().filter(target -> adapted(target.module())).toList();
      if (!targets.isEmpty()) {
        product += added("x", "qkv[" + parts.size() + "]", "qkv[" + (parts.size() + 1) + "]");
        parts.add(cat(targets.stream().map(t -> adapter(t.module(), "a")).toList()));
        parts.add(
            "torch.block_diag(["
                + QUERY_KEY_VALUE.stream()
                    .map(
                        t ->
                            adapted(t.module())
                                ? adapter(t.module(), "b")
                                : "torch.zeros([p[at + {"
                                    + t.module()
                                    + ".weight}].size(0), 0], device=p[0].device)")
                    .collect(Collectors.joining(", "))
                + "]) * LORA_SCALE");
      }
      return (lora == null ? "" : ADAPTERS + "\n")
          + """
            def joined(self, p: List[Tensor], at: int) -> List[Tensor]:
              return [PARTS]

            def projected(self, x: Tensor, qkv: List[Tensor]) -> Tensor:
              return PRODUCT
          """
              .replace("PARTS", String.join(", ", parts))
              .replace("PRODUCT", product);
    }

    /**
     * The tensors for sampling, in the places that they have in the model: matrices are transposed,
     * which makes their products a tenth faster, that of queries, keys and values in the queries'
     * place; the two further ones are the norms' constant and the output matrix.
     */
    String prepared(DecoderConfig config) {
      StringBuilder block = new StringBuilder();
      List<String> joined = QUERY_KEY_VALUE.stream().map(Lora.Target::module).toList();
      String query = "w[at + {" + joined.getFirst() + ".";
      block.append("      " + query + "weight}] = self.columns(" + joined("weight") + ")\n");
      if (options.has(Bias.QUERY_KEY_VALUE)) {
        block.append("      " + query + "bias}] = " + joined("bias") + "\n");
      }
      List<String> others = new ArrayList<>(List.of("self_attn.o_proj", "mlp.up_proj"));
      others.add("mlp.down_proj");
      if (options.activation().gated()) {
        others.add("mlp.gate_proj");
      }
      for (String name : others) {
        String tensor = "w[at + {" + name + ".weight}]";
        block.append("      " + tensor + " = self.columns(" + tensor + ")\n");
      }
      StringBuilder rest = new StringBuilder();
      if (options.norm() != DecoderOptions.Norm.LAYER) {
        String start = options.norm() == DecoderOptions.Norm.RMS_FROM_ONE ? " + 1.0" : "";
        String scaled = "PLACE = (PLACE" + start + ") * (WIDTH ** 0.5)\n";
        block.append("      " + scaled.replace("PLACE", "w[at + {input_layernorm.weight}]"));
        if (options.residual() != DecoderOptions.Residual.PARALLEL_ONE_NORM) {
          block.append(
              "      " + scaled.replace("PLACE", "w[at + {post_attention_layernorm.weight}]"));
        }
        rest.append("    " + scaled.replace("PLACE", "w[{model.norm.weight}]"));
      }
      return INVERSE_LENGTH
          + "\n"
          + PREPARED
              .replace("      BLOCK\n", block)
              .replace("    REST\n", rest)
              .replace("OUTPUT", output(config).replace("p[", "w["));
    }

    private static String joined(String kind) {
      return cat(
          QUERY_KEY_VALUE.stream()
              .map(target -> "w[at + {" + target.module() + "." + kind + "}]")
              .toList());
    }

    private static String cat(List<String> parts) {
      return "torch.cat([" + String.join(", ", parts) + "], 0)";
    }

    /** The decoder's own tensors with the adapters in them. */
    String merged() {
      StringBuilder text = new StringBuilder(MERGED);
      for (Lora.Target target : lora == null ? List.<Lora.Target>of() : lora.targets()) {
        String at = "at + {" + target.module() + ".weight}";
        text.append(
            "      found[AT] = p[AT] + torch.matmul(B, A) * LORA_SCALE\n"
                .replace("AT", at)
                .replace("B,", adapter(target.module(), "b") + ",")
                .replace(" A)", " " + adapter(target.module(), "a") + ")"));
      }
      return text + "    return found\n";
    }
  }

  /** Large matrices are not copied: memory for twice the weights would be too much for them. */
  private static final String PREPARED =
      """
        def columns(self, m: Tensor) -> Tensor:
          t = torch.t(m)
          if m.numel() > 4194304:
            return t
          return torch.contiguous(t)

        def prepared(self, p: List[Tensor]) -> List[Tensor]:
          w = annotate(List[Tensor], [])
          for t in p:
            if t.dim() >= 2:
              w.append(t{narrow})
            else:
              w.append(t)
          for i in range(LAYERS):
            at = FIRST + STRIDE * i
            BLOCK
          REST
          w.append(torch.full([1], WIDTH * EPSILON, dtype=6, device=p[0].device))
          w.append(self.columns(OUTPUT))
          return w
      """;

  private static final String ADAPTERS =
      """
        def adapters(self, at: int) -> int:
          return ADAPTERS + ADAPTER_STRIDE * ((at - FIRST) // STRIDE)
      """;

  private static final String MERGED =
      """
        def merged(self, p: List[Tensor]) -> List[Tensor]:
          found = p[:ADAPTERS]
          for i in range(LAYERS):
            at = FIRST + STRIDE * i
      """;

  private static final String ENTERED =
      """
        def entered(self, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          return EMBEDDED
      """;

  /** The hash is SplitMix64's mixing (Steele et al. 2014), the shifts made logical by a mask. */
  private static final String DROPPED =
      """
        def dropped(self, y: Tensor, batch: List[Tensor], site: int) -> Tensor:
          if len(batch) < 5:
            return y
          z = torch.arange(y.numel(), device=y.device) * -7046029254386353131 + (batch[4] + site * 2862933555777941757)
          z = torch.bitwise_xor(z, torch.bitwise_and(torch.bitwise_right_shift(z, 30), 17179869183)) * -4658895280553007687
          z = torch.bitwise_xor(z, torch.bitwise_and(torch.bitwise_right_shift(z, 27), 137438953471)) * -7723592293110705685
          kept = torch.ge(torch.bitwise_and(torch.bitwise_right_shift(z, 35), 16777215), THRESHOLD)
          return y * (kept.view(y.size()).to(6) * KEPT_SCALE)
      """;

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

  /** Queries and keys as attention needs them; heads are dimension 1. */
  private static final String TURNED =
      "  def turned(self, p: List[Tensor], at: int, qk: Tensor, turns: List[Tensor]) -> Tensor:\n";

  private static final String HEAD_NORM =
      """
          q, k = torch.split_with_sizes(qk, [HEADS, KV_HEADS], 1)
          q = torch.rms_norm(q{wide}, [HEAD], p[at + {self_attn.q_norm.weight}], EPSILON)
          k = torch.rms_norm(k{wide}, [HEAD], p[at + {self_attn.k_norm.weight}], EPSILON)
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
          return hole_bias[:, :, :end]
      """;

  private static final String HIDDEN_COLUMNS_WITHIN =
      """
        def hidden_columns(self, columns: Tensor) -> Tensor:
          ago = columns.unsqueeze(1) - columns.unsqueeze(0)
          return torch.__or__(torch.lt(ago, 0), torch.ge(ago, WINDOW))

        def next_bias(self, hole_bias: Tensor, end: int) -> Tensor:
          if end > WINDOW:
            hole_bias[:, :, :end - WINDOW] = -inf
          return hole_bias[:, :, :end]
      """;

  private static final String SHARED =
      """
        def picked(self, h: Tensor, at: Tensor) -> Tensor:
          # The backward of an embedding adds rows in parallel, that of an index does not.
          return torch.embedding(h, at)

        def block(self, p: List[Tensor], i: int, x: Tensor, turns: List[Tensor], batch: List[Tensor]) -> Tensor:
          at = FIRST + STRIDE * i
          place = batch[2]
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
          a = self.picked(a.transpose(1, 2).reshape([B * T, ATTENTION]), batch[3])
          return self.added(p, at, x, n, a, batch)

        def given(self, g: Optional[Tensor], like: Tensor) -> Tensor:
          if g is not None:
            return g
          else:
            return torch.zeros_like(like)

        def hidden(self, p: List[Tensor], x: List[Tensor]) -> Tensor:
          h = self.entered(p, x)
          turns = self.row_rotation(x[1], h)
          for i in range(LAYERS):
            h = self.block(p, i, h, turns, x)
          return self.norm(p, {model.norm.weight}, h)

        def score_at(self, h: Tensor, last: Tensor, w: Tensor) -> Tensor:
          return torch.linear(self.picked(h, last), w).view([-1])

        def token_losses(self, p: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor) -> Tensor:
          h = self.picked(self.hidden(p, x), at)
          return torch.cross_entropy_loss(self.logits(p, h), wanted, None, 0)

        def lm_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, wanted: Tensor) -> List[Tensor]:
          l = self.logits(p, self.picked(h, at))
          return [torch.mean(torch.cross_entropy_loss(l, wanted, None, 0))]

        def pm_losses(self, p: List[Tensor], h: Tensor, last: Tensor) -> List[Tensor]:
          r = self.score_at(h, last, p[len(p) - 1])
          chosen, rejected = torch.chunk(r, 2)[0], torch.chunk(r, 2)[1]
          margins = chosen - rejected
          accuracy = torch.mean(torch.sign(margins) * 0.5 + 0.5)
          return [torch.softplus(torch.neg(margins)), r, accuracy, torch.mean(margins)]

        def pm_loss_of(self, p: List[Tensor], h: Tensor, last: Tensor) -> List[Tensor]:
          found = self.pm_losses(p, h, last)
          return [torch.mean(found[0]), found[1], found[2], found[3]]

        def pm_weighted_loss_of(self, p: List[Tensor], h: Tensor, last: Tensor, weights: Tensor) -> List[Tensor]:
          found = self.pm_losses(p, h, last)
          return [torch.mean(weights * found[0]), found[1], found[2], found[3]]

        def remaining(self, l: Tensor, top: Tensor) -> Tensor:
          # Not 1 - sum: that is 0 or less where the top tokens have all but a rounding error.
          return torch.logsumexp(torch.scatter(l, 1, top, -inf), [-1])

        def teacher_top(self, p: List[Tensor], x: List[Tensor], at: Tensor, k: int, width: int) -> List[Tensor]:
          l = self.log_probabilities(p, x, at, 1.0)
          found, top = torch.topk(l[:, :width], k, -1)
          return [top, found, self.remaining(l, top)]

        def diverged(self, p: List[Tensor], h: Tensor, at: Tensor, top: Tensor, logprob: Tensor, remainder: Tensor) -> List[Tensor]:
          l = torch.log_softmax(self.logits(p, self.picked(h, at)), -1)
          likely = torch.sum(torch.exp(logprob) * (logprob - torch.gather(l, 1, top)), -1)
          losses = likely + torch.exp(remainder) * (remainder - self.remaining(l, top))
          return [losses, torch.eq(torch.argmax(l, -1), torch.select(top, 1, 0)).to(6)]

        def distillation_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, top: Tensor, logprob: Tensor, remainder: Tensor) -> List[Tensor]:
          found = self.diverged(p, h, at, top, logprob, remainder)
          return [torch.mean(found[0]), torch.mean(found[1])]

        def distillation_losses(self, p: List[Tensor], x: List[Tensor], at: Tensor, top: Tensor, logprob: Tensor, remainder: Tensor) -> List[Tensor]:
          return self.diverged(p, self.hidden(p, x), at, top, logprob, remainder)

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
          h = self.entered(p, x)
          turns = self.row_rotation(x[1], h)
          found = [self.picked(h, last)]
          for i in range(LAYERS):
            h = self.block(p, i, h, turns, x)
            found.append(self.picked(h, last))
          return torch.stack(found, 0)
      """;
}
