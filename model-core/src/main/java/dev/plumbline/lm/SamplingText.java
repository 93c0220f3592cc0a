package dev.plumbline.lm;

/**
 * The part of the decoder's program that samples, with a key-value cache. Prompts stand in a matrix
 * padded at the left; everything about a batch in progress is a list of tensors, so that sampling
 * can stop after some tokens to show them, and go on.
 *
 * <pre>{@code
 * prepared(tensors of the model) -> p, what the other methods take
 * begin(p, ids, lengths, room) -> state
 *   ids [B, P] padded at the LEFT, lengths [B]; room for so many new tokens
 *   state = [x, bias, hole_bias, positions, ended, keys and values of each block]
 *   x [B * P, d] are the rows that come next; bias and hole_bias are added to the scores, which are
 *   [B * KV_HEADS, GROUP * P, columns]
 * extend(p, states, uniform, start, first, temperature, top_k, top_p, least, eos, pad)
 *     -> [tokens int64 [B, n], logprobs [B, n], counts [B], then x, bias, ended of each part]
 *   states are those of the batch's parts, one after the other; the parts are computed at the same
 *   time, each in a thread of its own; uniform [B, n] in [0, 1), float64 where the device has it:
 *   one number for each token to be drawn; start is the column of the first row of x, first the
 *   number of tokens drawn before; the last outputs replace their places in the states
 * ended_too(ended, stopped int64 [B]) -> ended
 * }</pre>
 *
 * A token is drawn by the inverse of the cumulative distribution of {@code softmax(logits /
 * temperature)}, cut to the {@code top_k} most probable tokens and then to the smallest set that
 * holds {@code top_p} of the rest (Holtzman et al. 2020); before {@code least} tokens the end token
 * cannot be drawn. Log-probabilities are those of the whole distribution, before any cut: what a
 * policy gave the token.
 */
final class SamplingText {
  private SamplingText() {}

  /** The methods, to be filled in by {@link ProgramText}. */
  static final String TEXT =
      """
        def cached_block(self, p: List[Tensor], i: int, x: Tensor, turns: List[Tensor], keys: Tensor, values: Tensor, start: int, bias: Tensor) -> Tensor:
          at = FIRST + STRIDE * i
          B = keys.size(0)
          T = x.size(0) // B
          end = start + T
          n = self.norm(p, at + {input_layernorm.weight}, x)
          h = self.projected(n, p, at).view([B, T, -1, HEAD]).transpose(1, 2)
          qk = self.turned(p, at, h[:, :HEADS + KV_HEADS], turns)
          keys[:, :, start:end] = qk[:, HEADS:]
          values[:, :, start:end] = h[:, HEADS + KV_HEADS:]
          q = qk[:, :HEADS].reshape([B * KV_HEADS, GROUP * T, HEAD])
          k = torch.flatten(keys[:, :, :end], 0, 1)
          v = torch.flatten(values[:, :, :end], 0, 1)
          a = torch.baddbmm(bias, q, k.transpose(1, 2), beta=1, alpha=1.0 / (HEAD ** 0.5))
          a = torch.bmm(torch.softmax(a{wide}, -1){narrow}, v)
          a = a.view([B, HEADS, T, HEAD]).transpose(1, 2).reshape([B * T, ATTENTION])
          return self.added(p, at, x, n, a, annotate(List[Tensor], []))

        def begin(self, p: List[Tensor], ids: Tensor, lengths: Tensor, room: int) -> List[Tensor]:
          B = ids.size(0)
          P = ids.size(1)
          # Columns before a prompt's first token are padding: nobody looks at them but they themselves.
          padding = P - lengths
          columns = torch.arange(P + room, device=ids.device)
          hole = torch.lt(columns.unsqueeze(0), padding.unsqueeze(1))
          unseen = self.hidden_columns(columns[:P])
          self_only = torch.ne(columns[:P].unsqueeze(0), columns[:P].unsqueeze(1))
          blocked = torch.__or__(unseen.unsqueeze(0), torch.__and__(hole[:, :P].unsqueeze(1), self_only.unsqueeze(0)))
          none = torch.zeros([1], dtype=p[0].dtype, device=ids.device)
          bias = torch.masked_fill(none.expand(blocked.size()), blocked, -inf).view([B, 1, P, P])
          bias = bias.expand([B, HEADS, P, P]).reshape([B * KV_HEADS, GROUP * P, P])
          hole_bias = torch.masked_fill(none.expand(hole.size()), hole, -inf)
          hole_bias = torch.repeat_interleave(hole_bias, KV_HEADS, 0).unsqueeze(1)
          positions = torch.clamp(columns.unsqueeze(0) - padding.unsqueeze(1), 0)
          x = self.embedded_between(p, ids, positions, 0, P).view([B * P, WIDTH])
          state = [x, bias, hole_bias, positions, torch.zeros([B], dtype=11, device=ids.device)]
          for i in range(2 * LAYERS):
            state.append(torch.zeros([B, KV_HEADS, P + room, HEAD], dtype=p[0].dtype, device=ids.device))
          return state

        def reached(self, ends: Tensor, at: Tensor) -> Tensor:
          # The last that is more than nothing, whatever rounding says of the place.
          passed = torch.__and__(torch.le(ends, at), torch.lt(ends, ends[:, -1:]))
          return torch.sum(passed, [1], True)

        def drawn(self, l: Tensor, uniform: Tensor, top_k: int, top_p: float) -> Tensor:
          q = torch.softmax(l, -1)
          if top_k > 0:
            least = torch.topk(q, min(top_k, VOCABULARY), -1)[0][:, -1:]
            q = torch.masked_fill(q, torch.lt(q, least), 0.0)
          if top_p < 1.0:
            ranked, order = torch.sort(q, -1, True)
            wide = ranked.to(uniform.dtype)
            above = torch.cumsum(wide, -1) - wide
            cut = torch.ge(above, torch.sum(wide, [-1], True) * top_p)
            q = torch.scatter(torch.zeros_like(q), 1, order, torch.masked_fill(ranked, cut, 0.0))
          # First which block of tokens, then which of its tokens: a running sum over all is slow.
          blocks = (q.size(1) + 63) // 64
          if 64 * blocks > q.size(1):
            q = torch.constant_pad_nd(q, [0, 64 * blocks - q.size(1)])
          q = q.view([-1, blocks, 64])
          sums = torch.sum(q, [2]).to(uniform.dtype)
          ends = torch.cumsum(sums, -1)
          at = uniform * ends[:, -1:]
          block = self.reached(ends, at)
          at = at - torch.gather(ends, 1, block) + torch.gather(sums, 1, block)
          q = torch.gather(q, 1, block.unsqueeze(2).expand([-1, 1, 64])).squeeze(1)
          return (block * 64 + self.reached(torch.cumsum(q.to(uniform.dtype), -1), at)).squeeze(1)

        def extend(self, p: List[Tensor], states: List[Tensor], uniform: Tensor, start: int, first: int, temperature: float, top_k: int, top_p: float, least: int, eos: int, pad: int) -> List[Tensor]:
          length = 5 + 2 * LAYERS
          parts = annotate(List[List[Tensor]], [])
          rows = annotate(List[int], [])
          for i in range(len(states) // length):
            parts.append(states[length * i:length * (i + 1)])
            rows.append(parts[i][4].size(0))
          numbers = torch.split_with_sizes(uniform, rows)
          others = annotate(List[Future[List[Tensor]]], [])
          for i in range(1, len(parts)):
            others.append(fork(self.extended, p, parts[i], numbers[i], start, first, temperature, top_k, top_p, least, eos, pad))
          found = [self.extended(p, parts[0], numbers[0], start, first, temperature, top_k, top_p, least, eos, pad)]
          for other in others:
            found.append(torch.wait(other))
          tokens = annotate(List[Tensor], [])
          logprobs = annotate(List[Tensor], [])
          counts = annotate(List[Tensor], [])
          kept = annotate(List[Tensor], [])
          for part in found:
            tokens.append(part[0])
            logprobs.append(part[1])
            counts.append(part[2])
            kept = kept + part[3:]
          return [torch.cat(tokens, 0), torch.cat(logprobs, 0), torch.cat(counts, 0)] + kept

        def extended(self, p: List[Tensor], state: List[Tensor], uniform: Tensor, start: int, first: int, temperature: float, top_k: int, top_p: float, least: int, eos: int, pad: int) -> List[Tensor]:
          x, bias, hole_bias, positions, ended = state[0], state[1], state[2], state[3], state[4]
          B = uniform.size(0)
          N = uniform.size(1)
          turns = self.rotation(positions.unsqueeze(1), x)
          tokens = torch.full([B, N], pad, dtype=4, device=x.device)
          logprobs = torch.zeros([B, N], dtype=6, device=x.device)
          counts = torch.zeros([B], dtype=4, device=x.device)
          going = N > 0
          step = 0
          while going:
            end = start + x.size(0) // B
            now = self.turns_between(turns, start, end)
            for i in range(LAYERS):
              x = self.cached_block(p, i, x, now, state[5 + 2 * i], state[6 + 2 * i], start, bias)
            l = self.logits(p, self.norm(p, {model.norm.weight}, x.view([B, -1, WIDTH])[:, -1]))
            if temperature > 0.0 and temperature != 1.0:
              l = l / temperature
            l = torch.log_softmax(l, -1)
            allowed = l
            if first + step < least and eos >= 0:
              allowed = torch.cat([l[:, :eos], torch.full([B, 1], -inf, dtype=l.dtype, device=l.device), l[:, eos + 1:]], 1)
            if temperature > 0.0:
              token = self.drawn(allowed, uniform[:, step:step + 1], top_k, top_p)
            else:
              token = torch.argmax(allowed, -1)
            chosen = torch.gather(l, 1, token.unsqueeze(1)).view([-1])
            tokens[:, step] = torch.masked_fill(token, ended, pad)
            logprobs[:, step] = torch.masked_fill(chosen, ended, 0.0)
            counts = counts + torch.bitwise_not(ended)
            ended = torch.__or__(ended, torch.eq(token, eos))
            step = step + 1
            start = end
            if start + 1 < positions.size(1):
              x = self.embedded_between(p, token.unsqueeze(1), positions, start, start + 1).view([B, WIDTH])
              bias = self.next_bias(hole_bias, start + 1)
            if step < N:
              going = not bool(torch.all(ended))
            else:
              going = False
          return [tokens, logprobs, counts, x, bias, ended]

        def ended_too(self, ended: Tensor, stopped: Tensor) -> Tensor:
          return torch.__or__(ended, torch.ne(stopped, 0))
      """;
}
