package dev.plumbline.app.help;

import java.util.List;

/** What Plumbline is made of. */
final class Licences {
  /**
   * A library or a font.
   *
   * @param name what it is called
   * @param what what it does here
   * @param licence its licence, as SPDX names it
   */
  record Entry(String name, String what, String licence) {}

  static final List<Entry> ALL =
      List.of(
          new Entry("OpenJDK (Temurin)", "Java itself", "GPL-2.0 with Classpath exception"),
          new Entry("OpenJFX", "the window and its controls", "GPL-2.0 with Classpath exception"),
          new Entry("AtlantaFX", "the look of controls", "MIT"),
          new Entry("ControlsFX", "status bar and other controls", "BSD-3-Clause"),
          new Entry("TilesFX", "tiles of metrics", "Apache-2.0"),
          new Entry("Ikonli, Feather icons", "icons", "Apache-2.0, MIT"),
          new Entry("Inter", "the font of the workbench", "OFL-1.1"),
          new Entry("Deep Java Library", "tensors and tokenizers", "Apache-2.0"),
          new Entry("PyTorch (libtorch)", "what tensors are computed with", "BSD-3-Clause"),
          new Entry(
              "SQLite, sqlite-jdbc", "the database of a workspace", "public domain, Apache-2.0"),
          new Entry("Hipparchus", "statistics and optimisation", "Apache-2.0"),
          new Entry("Jackson", "JSON and YAML", "Apache-2.0"),
          new Entry("FastCSV", "CSV", "MIT"),
          new Entry("Hardwood", "Parquet", "Apache-2.0"),
          new Entry(
              "snappy-java, zstd-jni", "what Parquet is packed with", "Apache-2.0, BSD-2-Clause"),
          new Entry("PDFBox, graphics2d", "figures as PDF", "Apache-2.0"),
          new Entry("Batik", "figures as SVG", "Apache-2.0"),
          new Entry("picocli", "the command line", "Apache-2.0"),
          new Entry("SLF4J", "logging", "MIT"),
          new Entry("JSpecify", "nullness", "Apache-2.0"));

  private Licences() {}
}
