package dev.plumbline.jinja;

import dev.plumbline.data.UserError;

/** The one clear line about a template that cannot be read, or refuses what it was given. */
final class TemplateErrors {
  private TemplateErrors() {}

  static UserError at(int line, String what) {
    return new UserError("chat template, line " + line + ": " + what);
  }
}
