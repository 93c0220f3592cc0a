package dev.plumbline.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Who beat whom. Ratings have one scale where the undirected graph is connected, and finite maximum
 * likelihood estimates where it is strongly connected: however the models are divided in two, each
 * part has won against the other (Ford 1957).
 */
final class WinGraph {
  private final BitSet[] beat;
  private final BitSet[] lostTo;

  /** A graph of models that have not met yet. */
  WinGraph(int models) {
    beat = new BitSet[models];
    lostTo = new BitSet[models];
    for (int i = 0; i < models; i++) {
      beat[i] = new BitSet(models);
      lostTo[i] = new BitSet(models);
    }
  }

  /** One model has won something, half a match at least, against another. */
  void win(int winner, int loser) {
    beat[winner].set(loser);
    lostTo[loser].set(winner);
  }

  /** Parts that no match joins, each ascending, in the order of their first models. */
  List<int[]> components() {
    List<int[]> parts = new ArrayList<>();
    BitSet seen = new BitSet();
    for (int model = 0; model < beat.length; model++) {
      if (!seen.get(model)) {
        BitSet part = reached(model, beat, lostTo);
        seen.or(part);
        parts.add(part.stream().toArray());
      }
    }
    return parts;
  }

  /** Whether every model can be reached from every other one along wins. */
  boolean stronglyConnected() {
    return beat.length == 0
        || (reached(0, beat).cardinality() == beat.length
            && reached(0, lostTo).cardinality() == beat.length);
  }

  /** Largest sets within which everyone can be reached from everyone along wins. */
  List<BitSet> strongParts() {
    List<BitSet> parts = new ArrayList<>();
    BitSet seen = new BitSet();
    for (int model = 0; model < beat.length; model++) {
      if (!seen.get(model)) {
        BitSet part = reached(model, beat);
        part.and(reached(model, lostTo));
        seen.or(part);
        parts.add(part);
      }
    }
    return parts;
  }

  /** Whether no model outside has won against this set. */
  boolean undefeated(BitSet part) {
    return part.stream().allMatch(model -> within(lostTo[model], part));
  }

  /** Whether this set has won against no model outside. */
  boolean winless(BitSet part) {
    return part.stream().allMatch(model -> within(beat[model], part));
  }

  private static boolean within(BitSet set, BitSet other) {
    BitSet outside = (BitSet) set.clone();
    outside.andNot(other);
    return outside.isEmpty();
  }

  private static BitSet reached(int from, BitSet[]... edges) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    seen.set(from);
    open.add(from);
    while (!open.isEmpty()) {
      int at = open.remove();
      for (BitSet[] each : edges) {
        for (int next = each[at].nextSetBit(0); next >= 0; next = each[at].nextSetBit(next + 1)) {
          if (!seen.get(next)) {
            seen.set(next);
            open.add(next);
          }
        }
      }
    }
    return seen;
  }
}
