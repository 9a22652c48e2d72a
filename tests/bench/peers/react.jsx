// The users page as one would write it with React, TanStack Table and TanStack Virtual.

import { flexRender, getCoreRowModel, getFilteredRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

import { pages } from "./service.js";

const ROW = 44;

const COLUMNS = [
  {
    id: "user",
    accessorFn: (user) => `${user.fullName}\n${user.username}`,
    header: "User",
    cell: ({ row }) => <><b>{row.original.fullName}</b> <span>{row.original.username}</span></>,
  },
  { accessorKey: "organizationRole", header: "Role" },
  { accessorKey: "status", header: "Status" },
  { id: "since", accessorFn: (user) => user.createdAt.slice(0, 10), header: "Since" },
];

/** The search is over name and address, as in the pages beside this one. */
const found = (row, _, words) => row.getValue("user").toLowerCase().includes(words.toLowerCase());

function Users() {
  const [users, setUsers] = useState([]);
  const [search, setSearch] = useState("");
  const scroller = useRef(null);

  useEffect(() => {
    let alive = true;
    (async () => {
      for await (const page of pages()) {
        if (!alive) return;
        setUsers((before) => [...before, ...page]);
      }
    })();
    return () => {
      alive = false;
    };
  }, []);

  const table = useReactTable({
    data: users,
    columns: COLUMNS,
    state: { globalFilter: search },
    globalFilterFn: found,
    getColumnCanGlobalFilter: (column) => column.id === "user",
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
  });
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const shown = virtual.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);

  return (
    <>
      <h1>Users</h1>
      <p data-testid="user-count" role="status" data-shown={rows.length} data-total={users.length}>
        {rows.length} of {users.length} shown
      </p>
      <input
        data-testid="user-search"
        type="search"
        aria-label="Search users"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <div className="scroller" data-testid="user-scroller" ref={scroller}>
        <table>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => (
                  <th key={header.id} scope="col">{flexRender(header.column.columnDef.header, header.getContext())}</th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            <tr style={{ height: before }} />
            {shown.map((item) => (
              <tr key={rows[item.index].id} data-testid="user-row">
                {rows[item.index].getVisibleCells().map((cell) => (
                  <td key={cell.id}>{flexRender(cell.column.columnDef.cell, cell.getContext())}</td>
                ))}
              </tr>
            ))}
            <tr style={{ height: after }} />
          </tbody>
        </table>
      </div>
    </>
  );
}

createRoot(document.getElementById("root")).render(<Users />);
