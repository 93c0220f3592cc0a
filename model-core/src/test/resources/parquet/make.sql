-- Made with DuckDB 2.0.0: an independent writer of Parquet. Run in this directory.
create table pairs as
  select 'What is ' || i || ' plus one?' as prompt,
         case when i = 3 then null else 'It is ' || (i + 1) || ' é✓.' end as chosen,
         'I do not know ' || i as rejected,
         i * 0.5 as score, i::bigint as number, i % 2 = 0 as even,
         {'tranche': 't' || (i % 3), 'turns': i} as meta,
         [i, i + 1] as list, date '2022-04-12' as day, map {'k': i} as kept,
         'raw'::blob as bytes
  from range(40) t(i);
copy pairs to 'pairs-zstd.parquet' (format parquet, codec zstd);
copy pairs to 'pairs-gzip.parquet' (format parquet, codec gzip);
copy pairs to 'pairs-plain.parquet' (format parquet, codec uncompressed);
copy (select 'What is ' || i || ' plus one?' as prompt, 'Yes ' || i as chosen, 'No ' || i as rejected
      from range(2500) t(i))
  to 'groups-snappy.parquet' (format parquet, codec snappy, row_group_size 2048);
copy (select [{'role': 'user', 'content': 'Hello ' || i}, {'role': 'assistant', 'content': 'Good answer ' || i}]
               as chosen,
             [{'role': 'user', 'content': 'Hello ' || i}, {'role': 'assistant', 'content': 'Bad answer ' || i}]
               as rejected,
             i as score_chosen
      from range(25) t(i))
  to 'messages-zstd.parquet' (format parquet, codec zstd);
