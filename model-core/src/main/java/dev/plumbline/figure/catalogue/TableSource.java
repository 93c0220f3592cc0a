package dev.plumbline.figure.catalogue;

import dev.plumbline.analysis.ResultTable;
import java.util.Optional;

/** The result tables of one study or run, by name. */
@FunctionalInterface
public interface TableSource {
  /** A table; empty where there is none of this name. */
  Optional<ResultTable> table(String name);
}
