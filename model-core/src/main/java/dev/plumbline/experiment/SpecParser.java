package dev.plumbline.experiment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns a YAML or JSON file into {@link SpecNode}s. Only plain data gets through: no tags, no
 * aliases (so no document can unfold to more than its own size), bounded depth and size.
 */
final class SpecParser {
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 20;

  /** YAML 1.1 reads 1e-3 as text; in a spec it is a number. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(_\\d+)*(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  private final Path file;
  private final boolean yaml;

  private SpecParser(Path file, boolean yaml) {
    this.file = file;
    this.yaml = yaml;
  }

  static SpecNode parse(Path file) {
    return parse(file, text(file));
  }

  /** The same of a text; the file is its name in messages. */
  static SpecNode parse(Path file, String text) {
    return parse(
        file, text, file.toString().endsWith(".json") || text.stripLeading().startsWith("{"));
  }

  /** A list or a group in YAML's flow style, which was given from outside. */
  static SpecNode flow(Path name, String text) {
    return parse(name, text, false);
  }

  private static SpecNode parse(Path file, String text, boolean json) {
    SpecParser parser = new SpecParser(file, !json);
    JsonFactory factory = json ? new JsonFactory() : new YAMLFactory();
    try (JsonParser tokens = factory.createParser(text)) {
      if (tokens.nextToken() == null) {
        throw new UserError(file + ":1: the file is empty; a spec has at least the key of a stage");
      }
      SpecNode root = parser.node(tokens, 0);
      if (tokens.nextToken() != null) {
        throw parser.error(line(tokens), "a second document begins here; keep one to a file");
      }
      return root;
    } catch (JsonProcessingException e) {
      JsonLocation where = e.getLocation();
      int line = where == null ? 1 : Math.max(1, where.getLineNr());
      String reason =
          String.valueOf(e.getOriginalMessage())
              .lines()
              .filter(part -> !part.isBlank() && !part.startsWith(" "))
              .limit(2)
              .collect(Collectors.joining(": "));
      throw new UserError(
          "%s:%d: not valid %s: %s; mend the line or the one before it"
              .formatted(file, line, json ? "JSON" : "YAML", reason),
          e);
    } catch (IOException e) {
      throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      long size = Files.size(file);
      if (Files.isDirectory(file)) {
        throw new UserError(file + " is a directory; name the spec file in it");
      }
      if (size > MAX_BYTES) {
        throw new UserError(file + " has " + size + " bytes; a spec has at most 1 MiB");
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new UserError(file + " is not UTF-8 text; save it as UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new UserError("no such file: " + file + "; check the path", e);
    } catch (IOException e) {
      throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private SpecNode node(JsonParser tokens, int depth) throws IOException {
    int line = line(tokens);
    if (depth > MAX_DEPTH) {
      throw error(line, "nested deeper than " + MAX_DEPTH + " levels; a spec needs three");
    }
    if (tokens instanceof YAMLParser yamlTokens) {
      if (yamlTokens.isCurrentAlias()) {
        throw error(line, "aliases (*name) are not read in specs; write the value out");
      }
      if (tokens.getTypeId() != null) {
        throw error(line, "tags (!name) are not read in specs; remove the tag");
      }
    }
    JsonToken token = tokens.currentToken();
    return switch (token) {
      case START_OBJECT -> fields(tokens, line, depth);
      case START_ARRAY -> {
        List<SpecNode> items = new ArrayList<>();
        while (tokens.nextToken() != JsonToken.END_ARRAY) {
          items.add(node(tokens, depth + 1));
        }
        yield new SpecNode.Items(line, List.copyOf(items));
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new SpecNode.Scalar(line, SpecNode.Kind.NUMBER, tokens.getText());
      case VALUE_TRUE, VALUE_FALSE ->
          new SpecNode.Scalar(line, SpecNode.Kind.TRUTH, tokens.getText());
      case VALUE_NULL -> new SpecNode.Scalar(line, SpecNode.Kind.NOTHING, "");
      case VALUE_STRING -> {
        String text = tokens.getText();
        boolean number = yaml && NUMBER.matcher(text).matches();
        yield new SpecNode.Scalar(line, number ? SpecNode.Kind.NUMBER : SpecNode.Kind.TEXT, text);
      }
      default -> throw error(line, "a value is missing here");
    };
  }

  private SpecNode fields(JsonParser tokens, int line, int depth) throws IOException {
    Map<String, SpecNode.Field> fields = new LinkedHashMap<>();
    while (tokens.nextToken() != JsonToken.END_OBJECT) {
      String key = tokens.currentName();
      int keyLine = line(tokens);
      tokens.nextToken();
      SpecNode value = node(tokens, depth + 1);
      SpecNode.Field earlier = fields.putIfAbsent(key, new SpecNode.Field(keyLine, value));
      if (earlier != null) {
        throw error(
            keyLine, "key '" + key + "' stands on line " + earlier.line() + " too; keep one");
      }
    }
    return new SpecNode.Fields(line, fields);
  }

  private static int line(JsonParser tokens) {
    return Math.max(1, tokens.currentTokenLocation().getLineNr());
  }

  private UserError error(int line, String message) {
    return new UserError(file + ":" + line + ": " + message);
  }
}
