package dev.plumbline.app.newrun;

import dev.plumbline.experiment.SpecForm;
import java.util.List;

/**
 * One line of the form.
 *
 * @param path of its key
 * @param name the key, as in files
 * @param kind what stands in it
 * @param options the words to choose from
 * @param required whether it must be given
 * @param fallback its value where it is left out; empty where it has none
 * @param meaning what it means, its range and its default, for people
 */
record FormField(
    String path,
    String name,
    SpecForm.Kind kind,
    List<String> options,
    boolean required,
    String fallback,
    String meaning) {
  FormField {
    options = List.copyOf(options);
  }
}
