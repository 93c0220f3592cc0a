/** The SQLite workspace: migrations, ingest from journals, queries. */
@NullMarked
package dev.plumbline.workspace;

import org.jspecify.annotations.NullMarked;
