package dev.plumbline.figure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a figure's numbers come from; it is written into every exported file.
 *
 * @param runs identifiers of the runs behind the rows
 * @param specHash hash of the specs, or empty
 * @param dataHash hash of the data files, or empty
 * @param codeVersion version of Plumbline that computed the rows
 * @param seeds seeds of the runs
 * @param notes what else must be known: estimator, range, resamples
 * @param workspace name of the workspace that the rows are in, or empty
 * @param query which rows: the study or run, its tables, and the recipe; or empty
 */
public record Provenance(
    List<String> runs,
    String specHash,
    String dataHash,
    String codeVersion,
    List<Long> seeds,
    List<String> notes,
    String workspace,
    String query) {

  /** A figure of which nothing is known. */
  public static final Provenance UNKNOWN =
      new Provenance(List.of(), "", "", "", List.of(), List.of());

  /** A figure whose rows are of no workspace. */
  public Provenance(
      List<String> runs,
      String specHash,
      String dataHash,
      String codeVersion,
      List<Long> seeds,
      List<String> notes) {
    this(runs, specHash, dataHash, codeVersion, seeds, notes, "", "");
  }

  /** The same with where the rows are. */
  public Provenance in(String otherWorkspace, String otherQuery) {
    return new Provenance(
        runs, specHash, dataHash, codeVersion, seeds, notes, otherWorkspace, otherQuery);
  }

  /** Copies the lists. */
  public Provenance {
    runs = List.copyOf(runs);
    seeds = List.copyOf(seeds);
    notes = List.copyOf(notes);
  }

  /** The entries that are known, by name, in a fixed order. */
  public Map<String, String> entries() {
    Map<String, String> all = new LinkedHashMap<>();
    put(all, "workspace", workspace);
    put(all, "query", query);
    put(all, "runs", String.join(", ", runs));
    put(all, "spec", specHash);
    put(all, "data", dataHash);
    put(all, "code", codeVersion);
    put(all, "seeds", String.join(", ", seeds.stream().map(String::valueOf).toList()));
    put(all, "notes", String.join("; ", notes));
    return all;
  }

  private static void put(Map<String, String> all, String name, String value) {
    if (!value.isEmpty()) {
      all.put(name, value);
    }
  }
}
