package dev.plumbline.app.evaluation.elo;

import dev.plumbline.analysis.TieRule;
import dev.plumbline.figure.Figure;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.Optional;

/**
 * What the part of ratings shows.
 *
 * @param answered whether the workspace has been asked
 * @param runs measurements that can be chosen, newest first
 * @param chosen the one whose matches were asked for; empty for a file
 * @param source name of the run or file that is shown, or empty
 * @param problem why there are no matches, in one line, or empty
 * @param choice what the ratings were asked for with
 * @param judges who decided
 * @param players all of them, by name
 * @param rated what was rated; empty where nothing could be
 * @param picked matches that are listed
 */
record EloState(
    boolean answered,
    List<RunRow> runs,
    Optional<RunRow> chosen,
    String source,
    String problem,
    Choice choice,
    List<String> judges,
    List<String> players,
    Optional<Rated> rated,
    Picked picked) {

  EloState {
    runs = List.copyOf(runs);
    judges = List.copyOf(judges);
    players = List.copyOf(players);
  }

  /**
   * How matches are rated.
   *
   * @param judge whose decisions count
   * @param reference the player at 0; empty for a mean of 0
   */
  record Choice(String judge, TieRule ties, Optional<String> reference) {}

  /**
   * Ratings as figures and words.
   *
   * @param order players from the top of every figure
   * @param ratings with intervals
   * @param wins shares of wins by pair
   * @param residuals standardised, by pair
   * @param steps ratings of snapshots
   * @param facts what was rated, in one line
   * @param warnings what must be known before the numbers are read
   * @param triples those that go round, and how many chance would make
   */
  record Rated(
      List<String> order,
      Figure ratings,
      Figure wins,
      Figure residuals,
      Figure steps,
      String facts,
      List<String> warnings,
      List<String> triples) {
    Rated {
      order = List.copyOf(order);
      warnings = List.copyOf(warnings);
      triples = List.copyOf(triples);
    }
  }

  /**
   * Matches that are listed.
   *
   * @param title of whom
   * @param chosen whether somebody picked them
   */
  record Picked(String title, List<EloMatches.Match> matches, boolean chosen) {
    Picked {
      matches = List.copyOf(matches);
    }
  }
}
