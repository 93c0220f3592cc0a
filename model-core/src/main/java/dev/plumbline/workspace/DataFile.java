package dev.plumbline.workspace;

import dev.plumbline.data.DataForm;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataReport;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A data file that the workspace knows.
 *
 * @param name its name in the workspace
 * @param file where it lies, in a form that stages read
 * @param origin the file that was imported; the same where stages read that one
 * @param form the form of the origin
 * @param mapping what the origin's columns are
 * @param report what was found in the origin
 * @param imported when
 */
public record DataFile(
    String name,
    Path file,
    Path origin,
    DataForm form,
    DataMapping mapping,
    DataReport report,
    Instant imported) {
  /** Whether it was written anew, into the workspace. */
  public boolean isConverted() {
    return !file.equals(origin);
  }

  /** What the columns of {@link #file} are. */
  public DataMapping reading() {
    return isConverted() ? DataMapping.canonical(mapping.kind()) : mapping;
  }
}
